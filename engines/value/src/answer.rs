//! What a model is worth, under every name it goes by; it must never show a ratio without saying which.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::input::{End, NotUsable};
use crate::{Bar, Convention, Model, Outcome, PaidBy, Pence};

/// The answer to a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub convention: Convention,
    /// Amounts by year, up to the last that has any.
    pub years: Vec<YearLine>,
    /// What each outcome and acceleration is worth today.
    pub parts: Vec<Part>,
    pub benefits: Pence,
    /// Everything put in, whoever paid.
    pub inputs: Pence,
    /// What the public purse put in.
    pub public_costs: Pence,
    /// Benefits less inputs: the net present social value.
    pub net_present_social_value: Pence,
    /// Benefits over inputs: the social return on investment. None where nothing was put in.
    pub social_return_ratio: Option<f64>,
    /// Benefits less inputs, over inputs: the net social return.
    pub net_social_return_ratio: Option<f64>,
    /// Benefits less what others put in, over what the public purse did. None where it put in nothing.
    pub benefit_cost_ratio: Option<f64>,
    /// The net present social value with every input at its worse end, and at its better.
    pub worst: Pence,
    pub best: Pence,
    /// The social return ratio at those ends.
    pub worst_ratio: Option<f64>,
    pub best_ratio: Option<f64>,
    /// Inputs in doubt, the one that matters most first.
    pub tornado: Vec<Bar>,
    /// Inputs that should give a reason and do not.
    pub without_reason: Vec<String>,
}

/// One year's amounts, so many years ahead, as they fall and as they are worth today.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearLine {
    pub year: u32,
    pub factor: f64,
    pub benefits: Pence,
    pub inputs: Pence,
    pub benefits_today: Pence,
    pub inputs_today: Pence,
}

/// What one outcome or acceleration is worth today.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub name: String,
    pub worth: Pence,
}

impl Model {
    /// Works the model out.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn answer(&self) -> Result<Answer, Vec<NotUsable>> {
        let problems = self.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let parts = self.parts(End::Central);
        let benefits: f64 = parts.iter().map(|part| part.1).sum();
        let (public, other) = (self.put_in(PaidBy::Public, End::Central), self.put_in(PaidBy::Other, End::Central));
        let inputs = public + other;
        let (worst, best) = self.extremes();
        let (dearest, cheapest) = (self.all_put_in(End::High), self.all_put_in(End::Low));
        Ok(Answer {
            convention: self.convention,
            years: self.years(),
            parts: parts
                .iter()
                .map(|(name, worth)| Part { name: (*name).to_string(), worth: Pence::nearest(*worth) })
                .collect(),
            benefits: Pence::nearest(benefits),
            inputs: Pence::nearest(inputs),
            public_costs: Pence::nearest(public),
            net_present_social_value: Pence::nearest(benefits - inputs),
            social_return_ratio: ratio(benefits, inputs),
            net_social_return_ratio: ratio(benefits - inputs, inputs),
            benefit_cost_ratio: ratio(benefits - other, public),
            worst: Pence::nearest(worst - dearest),
            best: Pence::nearest(best - cheapest),
            // A loss is less of one, as a ratio, beside more money: the ends of the ratio need both costs.
            worst_ratio: least(ratio(worst, dearest), ratio(worst, cheapest)),
            best_ratio: greatest(ratio(best, dearest), ratio(best, cheapest)),
            tornado: self.tornado(benefits - inputs),
            without_reason: self.without_reason(),
        })
    }

    /// Names and present values, all inputs at one end.
    fn parts(&self, end: End) -> Vec<(&str, f64)> {
        let outcomes = self.outcomes.iter().map(|outcome| (outcome.name.as_str(), self.worth(outcome, [end; 6])));
        let accelerations =
            self.accelerations.iter().map(|each| (each.name.as_str(), each.worth_at(&self.rates, [end; 2])));
        outcomes.chain(accelerations).collect()
    }

    fn put_in(&self, who: PaidBy, end: End) -> f64 {
        self.costs.iter().filter(|cost| cost.paid_by == who).map(|cost| self.cost(cost, end)).sum()
    }

    fn all_put_in(&self, end: End) -> f64 {
        self.costs.iter().map(|cost| self.cost(cost, end)).sum()
    }

    /// The least and the greatest the benefits can be. A benefit rises or falls with each of its inputs, so its ends lie in a
    /// corner of their ranges; outcomes do not touch one another.
    fn extremes(&self) -> (f64, f64) {
        let outcomes = self.outcomes.iter().map(|outcome| self.corners(outcome));
        let accelerations = self.accelerations.iter().map(|each| {
            let ends = [End::Low, End::High];
            let corners = ends.iter().flat_map(|&value| ends.map(|sooner| each.worth_at(&self.rates, [value, sooner])));
            ends_of(corners)
        });
        outcomes.chain(accelerations).fold((0.0, 0.0), |sum, ends| (sum.0 + ends.0, sum.1 + ends.1))
    }

    fn corners(&self, outcome: &Outcome) -> (f64, f64) {
        let doubtful: Vec<usize> =
            outcome.inputs().iter().enumerate().filter(|(_, input)| input.is_range()).map(|(at, _)| at).collect();
        let corner = |bits: usize| {
            let mut ends = [End::Central; 6];
            for (bit, &at) in doubtful.iter().enumerate() {
                if let Some(end) = ends.get_mut(at) {
                    *end = if bits >> bit & 1 == 0 { End::Low } else { End::High };
                }
            }
            self.worth(outcome, ends)
        };
        ends_of((0..1_usize << doubtful.len()).map(corner))
    }

    fn years(&self) -> Vec<YearLine> {
        let start = self.convention.first_year();
        let last_outcome =
            self.outcomes.iter().map(|outcome| outcome.starts.unwrap_or(start) + outcome.years - 1).max();
        let last_cost = self.costs.iter().map(|cost| cost.year).max();
        let last_quarter = self.accelerations.iter().map(|each| (each.horizon - 1) / 4).max();
        let last = last_outcome.max(last_cost).max(last_quarter).unwrap_or(0);
        let outcomes: Vec<(u32, Vec<f64>)> =
            self.outcomes.iter().map(|outcome| (outcome.starts.unwrap_or(start), outcome.impacts())).collect();
        (0..=last).map(|year| self.year(year, &outcomes)).collect()
    }

    fn year(&self, year: u32, outcomes: &[(u32, Vec<f64>)]) -> YearLine {
        let factor = self.rates.factor(f64::from(year));
        let impact = |(start, impacts): &(u32, Vec<f64>)| {
            year.checked_sub(*start).and_then(|at| impacts.get(at as usize)).copied().unwrap_or_default()
        };
        let outcomes: f64 = outcomes.iter().map(impact).sum();
        let quarters = self.accelerations.iter().map(|each| each.year(&self.rates, year));
        let (sooner, sooner_today) = quarters.fold((0.0, 0.0), |sum, year| (sum.0 + year.0, sum.1 + year.1));
        let inputs: f64 = self.costs.iter().filter(|cost| cost.year == year).map(|cost| cost.amount.central()).sum();
        YearLine {
            year,
            factor,
            benefits: Pence::nearest(outcomes + sooner),
            inputs: Pence::nearest(inputs),
            benefits_today: Pence::nearest(outcomes * factor + sooner_today),
            inputs_today: Pence::nearest(inputs * factor),
        }
    }

    /// The bars of every input in doubt. Each touches one part alone, so only that one is worked out anew.
    fn tornado(&self, net: f64) -> Vec<Bar> {
        let mut bars = Vec::new();
        for outcome in &self.outcomes {
            let central = self.worth(outcome, [End::Central; 6]);
            for (at, (name, input)) in crate::outcome::INPUTS.iter().zip(outcome.inputs()).enumerate() {
                let moved = |end: End| {
                    let mut ends = [End::Central; 6];
                    if let Some(place) = ends.get_mut(at) {
                        *place = end;
                    }
                    net - central + self.worth(outcome, ends)
                };
                bars.extend(bar(format!("{}: {name}", outcome.name), input, moved));
            }
        }
        for each in &self.accelerations {
            let central = each.worth(&self.rates);
            for (at, (name, input)) in crate::acceleration::INPUTS.iter().zip(each.inputs()).enumerate() {
                let ends = |end: End| if at == 0 { [end, End::Central] } else { [End::Central, end] };
                let moved = |end: End| net - central + each.worth_at(&self.rates, ends(end));
                bars.extend(bar(format!("{}: {name}", each.name), input, moved));
            }
        }
        for cost in &self.costs {
            let moved = |end: End| net + self.cost(cost, End::Central) - self.cost(cost, end);
            bars.extend(bar(format!("{}: amount", cost.name), &cost.amount, moved));
        }
        // Equal bars stay in the model's order.
        bars.sort_by_key(|bar| core::cmp::Reverse(bar.swing()));
        bars
    }
}

impl Answer {
    /// The answer in a sentence or two.
    pub fn sentence(&self) -> String {
        let net = self.net_present_social_value;
        let Some(ratio) = self.social_return_ratio else {
            return format!(
                "Nothing was put in, so there is no ratio. Net present social value {net} ({}).",
                self.convention.words()
            );
        };
        let range = match (self.worst_ratio, self.best_ratio) {
            (Some(worst), Some(best)) if worst < best => {
                format!(", between {} and {} at the ends of what was judged", pounds(worst), pounds(best))
            }
            _ => String::new(),
        };
        let matters = match self.tornado.first() {
            Some(bar) => format!(" What matters most is {}.", bar.input),
            None => String::new(),
        };
        format!(
            "For every £1 put in, {} of social value comes back{range}; net present social value {net} ({}).{matters}",
            pounds(ratio),
            self.convention.words()
        )
    }
}

fn pounds(ratio: f64) -> Pence {
    Pence::nearest(ratio * 100.0)
}

fn bar(name: String, input: &crate::Input, moved: impl Fn(End) -> f64) -> Option<Bar> {
    input.is_range().then(|| Bar {
        input: name,
        low: input.low(),
        high: input.high(),
        at_low: Pence::nearest(moved(End::Low)),
        at_high: Pence::nearest(moved(End::High)),
    })
}

fn ratio(above: f64, below: f64) -> Option<f64> {
    (below > 0.0).then(|| above / below)
}

fn least(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    one.zip(other).map(|(one, other)| one.min(other)).or(one).or(other)
}

fn greatest(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    one.zip(other).map(|(one, other)| one.max(other)).or(one).or(other)
}

fn ends_of(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}
