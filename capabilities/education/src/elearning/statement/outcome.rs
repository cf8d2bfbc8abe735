//! What came of it: score, success, completion, duration.

use serde_json::Value;

use super::Checking;
use super::fields::{extensions, is_text_or_absent, known, object};

/// Whether the result says that it was completed, where it says.
pub(super) fn outcome(value: &Value, place: &str) -> Checking<Option<bool>> {
    let fields = object(value, place)?;
    known(fields, place, &["score", "success", "completion", "response", "duration", "extensions"])?;
    for name in ["success", "completion"] {
        if fields.get(name).is_some_and(|flag| !flag.is_boolean()) {
            return Err(format!("{place}.{name} is neither true nor false"));
        }
    }
    if let Some(score) = fields.get("score") {
        let score_place = format!("{place}.score");
        let score = object(score, &score_place)?;
        known(score, &score_place, &["scaled", "raw", "min", "max"])?;
        let figure = |name: &str| match score.get(name) {
            Some(figure) => figure.as_f64().map(Some).ok_or_else(|| format!("{score_place}.{name} is no number")),
            None => Ok(None),
        };
        let (scaled, raw, min, max) = (figure("scaled")?, figure("raw")?, figure("min")?, figure("max")?);
        if scaled.is_some_and(|scaled| !(-1.0..=1.0).contains(&scaled)) {
            return Err(format!("{score_place}.scaled lies outside -1 to 1"));
        }
        if min.zip(max).is_some_and(|(min, max)| min >= max) {
            return Err(format!("{score_place}.min is not below its max"));
        }
        if raw.is_some_and(|raw| min.is_some_and(|min| raw < min) || max.is_some_and(|max| raw > max)) {
            return Err(format!("{score_place}.raw lies outside its min and max"));
        }
    }
    if fields.get("duration").is_some_and(|duration| !duration.as_str().is_some_and(is_duration)) {
        return Err(format!("{place}.duration is no ISO 8601 duration such as PT1H30M"));
    }
    is_text_or_absent(fields, place, "response")?;
    extensions(fields, place)?;
    Ok(fields.get("completion").and_then(Value::as_bool))
}

/// `P3D`, `PT1H30M`, `PT4.5S`, `P2W`.
fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else {
        return false;
    };
    let (days, time) = rest.split_once('T').map_or((rest, None), |(days, time)| (days, Some(time)));
    let parts = |text: &str, units: &str| {
        let (mut figures, mut last) = (String::new(), 0);
        for letter in text.chars() {
            if letter.is_ascii_digit() || letter == '.' {
                figures.push(letter);
                continue;
            }
            let place = units.find(letter).map(|place| place + 1);
            match place {
                Some(place) if place > last && figures.parse::<f64>().is_ok() => last = place,
                _ => return false,
            }
            figures.clear();
        }
        figures.is_empty()
    };
    let has_time = time.is_none_or(|time| !time.is_empty() && parts(time, "HMS"));
    (!days.is_empty() || time.is_some()) && has_time && (parts(days, "YMD") || (time.is_none() && parts(days, "W")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for good in ["P3D", "PT1H30M", "PT4.5S", "P2W", "P1Y2M3DT4H"] {
            assert!(is_duration(good), "{good}");
        }
        for bad in ["", "P", "PT", "1H", "PTH", "PT1M1H", "P1D2", "PT1X", "P1WT1H"] {
            assert!(!is_duration(bad), "{bad}");
        }
    }
}
