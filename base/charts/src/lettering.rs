//! How wide words are, and where they break: measured by the widest letters of the theme's fonts, so that words which
//! do not touch here never touch on anybody's screen. It must never be narrower than the letters drawn.

/// Widths of the characters from space to tilde in thousandths of the letters' size: the widest of Source Sans 3,
/// Liberation Sans (which has the widths of Arial) and DejaVu Sans (what a machine without the others falls back to).
const REGULAR: [u16; 95] = [
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 350, 637, 637, 637, 637, 637, 637, 637,
    637, 637, 637, 337, 337, 838, 838, 838, 557, 1016, 685, 687, 723, 771, 667, 611, 778, 752, 295, 500, 667, 558, 863,
    749, 788, 667, 788, 723, 667, 611, 732, 685, 989, 686, 667, 686, 391, 350, 391, 838, 557, 542, 613, 635, 550, 635,
    616, 353, 635, 634, 278, 278, 580, 278, 975, 634, 612, 635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637,
    337, 637, 838,
];

/// The same for bold letters (semibold of Source Sans 3).
const BOLD: [u16; 95] = [
    349, 457, 521, 838, 696, 1002, 873, 307, 458, 458, 523, 838, 380, 416, 380, 366, 696, 696, 696, 696, 696, 696, 696,
    696, 696, 696, 400, 400, 838, 838, 838, 611, 1000, 774, 763, 734, 831, 684, 684, 821, 837, 373, 557, 775, 638, 996,
    837, 851, 733, 851, 771, 721, 683, 813, 774, 1104, 771, 725, 726, 458, 366, 458, 838, 557, 549, 675, 716, 593, 716,
    679, 436, 716, 712, 343, 343, 666, 343, 1042, 712, 688, 716, 716, 494, 596, 479, 712, 652, 924, 646, 652, 583, 712,
    366, 712, 838,
];

/// Height of the letters above the line they stand on, as a share of their size; with room for accents.
pub(crate) const ASCENT: f64 = 0.94;
/// Depth of the letters below that line.
pub(crate) const DESCENT: f64 = 0.24;
/// From one line of words to the next.
pub(crate) const LEADING: f64 = 1.28;

/// How wide a line of words is at most, in the units of `size`.
pub(crate) fn width(text: &str, size: f64, is_bold: bool) -> f64 {
    text.chars().map(|letter| f64::from(thousandths(letter, is_bold))).sum::<f64>() * size / 1000.0
}

fn thousandths(letter: char, is_bold: bool) -> u16 {
    let known = u32::from(letter).checked_sub(32).and_then(|at| usize::try_from(at).ok());
    let table = if is_bold { &BOLD } else { &REGULAR };
    if let Some(width) = known.and_then(|at| table.get(at)) {
        return *width;
    }
    match letter {
        '\u{a0}' | '·' | '‘' | '’' => 380,
        '–' => 500,
        '£' | '°' => 700,
        // Latin with accents, Greek, Cyrillic: the widest of each but a few letters that joined letters make.
        '\u{a1}'..='\u{5ff}' => 1000,
        // Whatever else: ideographs and pictures fill a square, and a little more.
        _ => 1170,
    }
}

/// Breaks words into lines no wider than `room`, at most `most` lines; what does not fit ends in an ellipsis. A word
/// wider than a line is broken.
pub(crate) fn wrapped(text: &str, room: f64, size: f64, is_bold: bool, most: usize) -> Vec<String> {
    let fits = |line: &str| width(line, size, is_bold) <= room;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace().flat_map(|word| pieces(word, room, size, is_bold)) {
        let longer = if line.is_empty() { word.clone() } else { format!("{line} {word}") };
        if fits(&longer) {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        line = word;
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = cut(&format!("{last}…"), room, size, is_bold);
        }
    }
    lines
}

/// A line cut to `room` with an ellipsis, or as it is where it fits.
pub(crate) fn cut(text: &str, room: f64, size: f64, is_bold: bool) -> String {
    if width(text, size, is_bold) <= room {
        return text.to_owned();
    }
    let mut kept = text.trim_end_matches('…').to_owned();
    while !kept.is_empty() && width(&format!("{kept}…"), size, is_bold) > room {
        kept.pop();
    }
    format!("{}…", kept.trim_end())
}

/// A word in pieces that each fit a line.
fn pieces(word: &str, room: f64, size: f64, is_bold: bool) -> Vec<String> {
    if width(word, size, is_bold) <= room {
        return vec![word.to_owned()];
    }
    let mut pieces = vec![String::new()];
    for letter in word.chars() {
        let last = pieces.last().map_or("", String::as_str);
        if !last.is_empty() && width(&format!("{last}{letter}"), size, is_bold) > room {
            pieces.push(String::new());
        }
        if let Some(last) = pieces.last_mut() {
            last.push(letter);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_wider_than_the_room() {
        let name =
            "Blackpool Teaching Hospitals NHS Foundation Trust, Victoria Hospital, emergency department (type 1)";
        let lines = wrapped(name, 240.0, 16.0, true, 9);
        assert!(lines.len() > 2);
        assert!(lines.iter().all(|line| width(line, 16.0, true) <= 240.0), "{lines:?}");
        assert_eq!(lines.join(" "), name);
    }

    #[test]
    fn what_does_not_fit_says_so() {
        let lines = wrapped("one two three four five six", 60.0, 14.0, false, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…') && width(&lines[1], 14.0, false) <= 60.0, "{lines:?}");
    }

    #[test]
    fn a_word_without_an_end_is_broken() {
        let lines = wrapped(&"x".repeat(300), 100.0, 14.0, false, 100);
        assert!(lines.iter().all(|line| width(line, 14.0, false) <= 100.0));
        assert_eq!(lines.concat().len(), 300);
    }

    #[test]
    fn no_room_at_all_is_no_accident() {
        assert_eq!(wrapped("", 10.0, 14.0, false, 3), Vec::<String>::new());
        assert!(wrapped("word", 0.0, 14.0, false, 3).len() <= 3);
        assert_eq!(cut("word", 0.0, 14.0, false), "…");
    }
}
