//! Why something failed, in plain words with what to do: pure. What a mail server or a database said is read for its kind alone and never shown, for it may quote anything.

use hiec_store::queue::Queue;

/// A kind of job as people read it: `competition.deadlines` is "Competition: deadlines".
pub(super) fn kind(key: &str) -> String {
    let words = key.replacen('.', ": ", 1).replace(['.', '_'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Plain words for what was noted when an entry failed; nothing noted means that the program ended in the middle.
pub(super) fn why(queue: Queue, noted: Option<&str>) -> String {
    let Some(noted) = noted else {
        return "The program ended while it was at work on it.".into();
    };
    match queue {
        Queue::Jobs => job(noted).into(),
        Queue::Letters => letter(noted),
    }
}

fn job(noted: &str) -> &'static str {
    let noted = noted.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| noted.contains(word));
    if says(&["nobody does jobs of the kind"]) {
        "This version of the program knows no such job. Was it asked for by a newer version?"
    } else if says(&["pool timed out", "connection", "database is locked", "busy", "timed out"]) {
        "The database did not answer in time."
    } else if says(&["disk", "no space", "i/o", "read-only"]) {
        "Something could not be written. Look at the disk of the server."
    } else {
        "Something went wrong on our side. The operator finds the cause in the log."
    }
}

fn letter(noted: &str) -> String {
    let lower = noted.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let code = reply_code(noted);
    let words = match code {
        Some(530 | 534 | 535 | 538) => {
            "The mail server did not accept our user name or password. Look at the setting smtp."
        }
        Some(550 | 551 | 553) => {
            "The mail server takes no letters for this address. Is it spelt right, and still in use?"
        }
        Some(552) => "The mailbox is full.",
        Some(554) => "The mail server refused the letter.",
        Some(400..=499) => "The mail server asked us to come again later.",
        _ if says(&["recipient's address"]) => "This is no address a letter can be sent to.",
        _ if says(&["certificate", "tls", "handshake"]) => {
            "No safe connection to the mail server could be made. Look at its certificate and the setting smtp."
        }
        _ if says(&[
            "refused",
            "timed out",
            "timeout",
            "dns",
            "lookup",
            "resolve",
            "unreachable",
            "reset",
            "connect",
            "broken pipe",
        ]) =>
        {
            "The mail server did not answer. Look at the setting smtp, and whether the server runs."
        }
        _ => "The letter did not leave. The operator finds more in the log of the mail server.",
    };
    match code {
        Some(code) => format!("{words} (It answered {code}.)"),
        None => words.to_owned(),
    }
}

/// The three digits a mail server answers with (RFC 5321, 4.2): the first word of three digits between 400 and 599.
fn reply_code(noted: &str) -> Option<u16> {
    let words = noted.split(|sign: char| !sign.is_ascii_alphanumeric());
    words.filter(|word| word.len() == 3).find_map(|word| word.parse().ok().filter(|code| (400..600).contains(code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_servers_are_understood_by_their_code_and_not_quoted() {
        let noted = "permanent error (550): 5.1.1 <ada@example.org>: Recipient address rejected: call 456";
        let words = why(Queue::Letters, Some(noted));
        assert!(words.starts_with("The mail server takes no letters for this address"), "{words}");
        assert!(words.ends_with("(It answered 550.)") && !words.contains("ada"), "{words}");
        for (noted, start) in [
            ("permanent error (535): authentication failed", "The mail server did not accept our user name"),
            ("transient error (451): greylisted", "The mail server asked us to come again later"),
            ("Connection error: Connection refused (os error 111)", "The mail server did not answer"),
            ("Connection error: invalid peer certificate: Expired", "No safe connection"),
            ("the recipient's address is not one a letter can be sent to", "This is no address"),
            ("who knows", "The letter did not leave"),
        ] {
            assert!(why(Queue::Letters, Some(noted)).starts_with(start), "{noted}");
        }
    }

    #[test]
    fn kinds_are_read_as_words() {
        assert_eq!(kind("competition.deadlines"), "Competition: deadlines");
        assert_eq!(kind("cluster.founding_steps.late"), "Cluster: founding steps late");
        assert_eq!(kind(""), "");
    }

    #[test]
    fn jobs_are_told_apart_by_what_can_be_done() {
        let of = |noted| why(Queue::Jobs, noted);
        assert!(of(Some("nobody does jobs of the kind x.y")).starts_with("This version of the program"));
        assert!(of(Some("Connection pool timed out")).starts_with("The database did not answer"));
        assert!(of(Some("No space left on device")).starts_with("Something could not be written"));
        assert!(of(Some("Key (email)=(ada@example.org) exists")).starts_with("Something went wrong"));
        assert!(of(None).starts_with("The program ended"));
    }
}
