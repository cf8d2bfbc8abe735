//! Reads a model from JSON; it must never take a field it does not know for one it does.

use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::{
    Acceleration, Band, Convention, Cost, Input, Model, Outcome, PaidBy, Pence, RateTable, Reach, rate_table,
    rate_tables,
};

/// What a reach is called: one, and many.
pub(super) struct NamedReach {
    pub reach: Reach,
    pub one: String,
    pub many: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelText {
    name: String,
    convention: ConventionText,
    rates: RatesText,
    #[serde(default)]
    on: Option<String>,
    costs: Vec<CostText>,
    #[serde(default)]
    outcomes: Vec<OutcomeText>,
    #[serde(default)]
    accelerations: Vec<AccelerationText>,
    #[serde(default)]
    reach: Option<ReachText>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ConventionText {
    SocialReturn,
    GreenBook,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum PaidByText {
    Public,
    Other,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CostText {
    name: String,
    #[serde(default)]
    year: u32,
    pence: InputText,
    paid_by: PaidByText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutcomeText {
    name: String,
    quantity: InputText,
    proxy_pence: InputText,
    deadweight: InputText,
    displacement: InputText,
    attribution: InputText,
    drop_off: InputText,
    years: u32,
    #[serde(default)]
    starts: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccelerationText {
    name: String,
    pence_per_quarter: InputText,
    quarters_sooner: InputText,
    horizon_quarters: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReachText {
    one: String,
    many: String,
    cost_before_pence: i64,
    units_before: u64,
    cost_after_pence: i64,
    units_after: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BandText {
    from_year: u32,
    rate: f64,
}

/// A name, or bands of one's own.
enum RatesText {
    Named(String),
    Own { name: String, source: String, bands: Vec<BandText> },
}

/// A number, or a range with its reason.
struct InputText {
    low: f64,
    central: f64,
    high: f64,
    why: Option<String>,
}

pub(super) fn model(text: &str) -> Result<(Model, Option<NamedReach>), Vec<String>> {
    let read: ModelText =
        serde_json::from_str(text).map_err(|error| vec![format!("this is no such model: {error}")])?;
    let mut problems = Vec::new();
    let rates = match rates(read.rates, read.on.as_deref()) {
        Ok(rates) => rates,
        Err(problem) => {
            problems.push(problem);
            RateTable::flat("none", 0.0)
        }
    };
    let mut inputs = Inputs { problems };
    let costs = read.costs.into_iter().map(|cost| cost.read(&mut inputs)).collect();
    let outcomes = read.outcomes.into_iter().map(|outcome| outcome.read(&mut inputs)).collect();
    let accelerations = read.accelerations.into_iter().map(|each| each.read(&mut inputs)).collect();
    if !inputs.problems.is_empty() {
        return Err(inputs.problems);
    }
    let convention = match read.convention {
        ConventionText::SocialReturn => Convention::SocialReturn,
        ConventionText::GreenBook => Convention::GreenBook,
    };
    let reach = read.reach.map(ReachText::read);
    Ok((Model { name: read.name, convention, rates, costs, outcomes, accelerations }, reach))
}

fn rates(read: RatesText, on: Option<&str>) -> Result<RateTable, String> {
    match (read, on) {
        (RatesText::Own { name, source, bands }, _) => {
            let bands = bands.into_iter().map(|band| Band { from_year: band.from_year, rate: band.rate }).collect();
            Ok(RateTable { name, effective_from: String::new(), source, bands })
        }
        (RatesText::Named(name), Some(on)) if is_day(on) => rate_table(&name, on).ok_or_else(|| {
            let known: Vec<String> =
                rate_tables().iter().map(|table| format!("{} from {}", table.name, table.effective_from)).collect();
            format!("rates: no table {name} holds on {on}; there are {}", known.join(", "))
        }),
        (RatesText::Named(name), _) => {
            Err(format!("on: say on which day the rates {name} are taken, such as \"on\": \"2026-04-01\""))
        }
    }
}

fn is_day(text: &str) -> bool {
    let number = |range: std::ops::Range<usize>| {
        let digits = text.get(range).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        digits.parse::<u16>().ok()
    };
    let is_split = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    is_split
        && number(0..4).is_some_and(|year| year > 0)
        && number(5..7).is_some_and(|month| (1..=12).contains(&month))
        && number(8..10).is_some_and(|day| (1..=31).contains(&day))
}

/// Turns what was read into inputs, and keeps what is wrong with them.
struct Inputs {
    problems: Vec<String>,
}

impl Inputs {
    fn read(&mut self, place: &str, read: InputText) -> Input {
        let Some(input) = Input::range(read.low, read.central, read.high) else {
            self.problems.push(format!(
                "{place}: low, central and high must be in order; {}, {} and {} are not",
                read.low, read.central, read.high
            ));
            return Input::certain(0.0);
        };
        match read.why {
            Some(why) => input.because(why),
            None => input,
        }
    }

    fn read_pence(&mut self, place: &str, read: InputText) -> Input {
        if let Some(part) = [read.low, read.central, read.high].into_iter().find(|pence| pence.fract() != 0.0) {
            self.problems.push(format!("{place}: amounts are whole pence, {part} is not"));
        }
        self.read(place, read)
    }
}

impl CostText {
    fn read(self, inputs: &mut Inputs) -> Cost {
        let amount = inputs.read_pence(&format!("cost {}", self.name), self.pence);
        let paid_by = match self.paid_by {
            PaidByText::Public => PaidBy::Public,
            PaidByText::Other => PaidBy::Other,
        };
        Cost { name: self.name, year: self.year, amount, paid_by }
    }
}

impl OutcomeText {
    fn read(self, inputs: &mut Inputs) -> Outcome {
        let place = |input: &str| format!("outcome {}, {input}", self.name);
        Outcome {
            quantity: inputs.read(&place("quantity"), self.quantity),
            proxy: inputs.read_pence(&place("proxy_pence"), self.proxy_pence),
            deadweight: inputs.read(&place("deadweight"), self.deadweight),
            displacement: inputs.read(&place("displacement"), self.displacement),
            attribution: inputs.read(&place("attribution"), self.attribution),
            drop_off: inputs.read(&place("drop_off"), self.drop_off),
            years: self.years,
            starts: self.starts,
            name: self.name,
        }
    }
}

impl AccelerationText {
    fn read(self, inputs: &mut Inputs) -> Acceleration {
        let place = |input: &str| format!("acceleration {}, {input}", self.name);
        Acceleration {
            per_quarter: inputs.read_pence(&place("pence_per_quarter"), self.pence_per_quarter),
            sooner: inputs.read(&place("quarters_sooner"), self.quarters_sooner),
            horizon: self.horizon_quarters,
            name: self.name,
        }
    }
}

impl ReachText {
    fn read(self) -> NamedReach {
        let reach = Reach {
            cost_before: Pence(self.cost_before_pence),
            units_before: self.units_before,
            cost_after: Pence(self.cost_after_pence),
            units_after: self.units_after,
        };
        NamedReach { reach, one: self.one, many: self.many }
    }
}

impl<'de> Deserialize<'de> for InputText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(InputVisitor)
    }
}

struct InputVisitor;

impl<'de> Visitor<'de> for InputVisitor {
    type Value = InputText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a number, or {\"low\": …, \"central\": …, \"high\": …, \"why\": …}, or {\"central\": …, \"why\": …}",
        )
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<InputText, E> {
        Ok(InputText { low: value, central: value, high: value, why: None })
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<InputText, E> {
        self.visit_f64(value as f64)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<InputText, E> {
        self.visit_f64(value as f64)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<InputText, A::Error> {
        let (mut low, mut central, mut high, mut why) = (None, None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            let place = match key.as_str() {
                "low" => &mut low,
                "central" => &mut central,
                "high" => &mut high,
                "why" => {
                    why = Some(map.next_value::<String>()?);
                    continue;
                }
                _ => return Err(A::Error::unknown_field(&key, &["low", "central", "high", "why"])),
            };
            *place = Some(map.next_value::<f64>()?);
        }
        let central = central.ok_or_else(|| A::Error::missing_field("central"))?;
        if low.is_some() != high.is_some() {
            return Err(A::Error::missing_field(if low.is_none() { "low" } else { "high" }));
        }
        Ok(InputText { low: low.unwrap_or(central), central, high: high.unwrap_or(central), why })
    }
}

impl<'de> Deserialize<'de> for RatesText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RatesVisitor)
    }
}

struct RatesVisitor;

impl<'de> Visitor<'de> for RatesVisitor {
    type Value = RatesText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"standard\", \"health\", \"sensitivity\", or {\"name\": …, \"source\": …, \"bands\": [{\"from_year\": 0, \"rate\": 0.035}]}")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<RatesText, E> {
        Ok(RatesText::Named(name.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RatesText, A::Error> {
        let (mut name, mut source, mut bands) = (None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "name" => name = Some(map.next_value()?),
                "source" => source = Some(map.next_value()?),
                "bands" => bands = Some(map.next_value()?),
                _ => return Err(A::Error::unknown_field(&key, &["name", "source", "bands"])),
            }
        }
        Ok(RatesText::Own {
            name: name.ok_or_else(|| A::Error::missing_field("name"))?,
            source: source.ok_or_else(|| A::Error::missing_field("source"))?,
            bands: bands.ok_or_else(|| A::Error::missing_field("bands"))?,
        })
    }
}
