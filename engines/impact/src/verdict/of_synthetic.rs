//! What a mix of donors lets one say; it must never trust a mix that missed the treated before the start.

use alloc::vec::Vec;

use super::{Bar, Design, Doubt, Finding};
use crate::panel::Panel;
use crate::synthetic::{Control, NoInterval, Placebo, Pool, Study};

/// The finding of a synthetic control, by placebo tests over its donors.
pub fn of_synthetic(panel: &Panel, bar: &Bar) -> Finding {
    const DESIGN: Design = Design::SyntheticControl;
    let found = Study::of(panel).and_then(|study| {
        let control = study.control()?;
        let placebo = study.placebo(&control, Pool::Donors, bar.placebos, bar.seed)?;
        Ok((study, control, placebo))
    });
    let (study, control, placebo) = match found {
        Ok(found) => found,
        Err(reason) => return Finding::nothing(DESIGN, Doubt::NoControl(reason)),
    };
    let (early, late) = study.treated.split_at(study.before);
    let mean = |side: &[f64]| side.iter().sum::<f64>() / side.len() as f64;
    let mut doubts = about_donors(&study, &control, bar);
    let effect = match placebo {
        None => {
            doubts.push(Doubt::FewWays { ways: 1 });
            None
        }
        Some(placebo) => {
            doubts.extend(about_placebos(&control, &placebo, bar));
            match placebo.interval(&control, bar.confidence) {
                Ok(interval) => Some(interval),
                Err(NoInterval::FewWays) => {
                    doubts.push(Doubt::FewWays { ways: placebo.ways });
                    None
                }
                Err(NoInterval::NotConstant) => {
                    doubts.push(Doubt::NotConstant);
                    None
                }
            }
        }
    };
    let times = panel.periods().len() - study.periods.len();
    if times > 0 || !study.left_out.is_empty() {
        doubts.push(Doubt::LeftOut { units: study.left_out.len(), times });
    }
    Finding::of(DESIGN, mean(late) - mean(early), effect, doubts)
}

fn about_donors(study: &Study, control: &Control, bar: &Bar) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    if study.donors.len() >= study.before {
        doubts.push(Doubt::FollowsNoise { donors: study.donors.len(), before: study.before });
    }
    let without = study.leave_one_out(control);
    let effect = control.effect.unwrap_or(0.0);
    let turned = without.iter().find(|without| without.effect.is_some_and(|other| other * effect < 0.0));
    doubts.extend(turned.map(|without| Doubt::TurnsWithout { donor: without.donor.clone() }));
    let heaviest = without.into_iter().filter(|without| without.weight > bar.one_donor);
    doubts.extend(heaviest.map(|without| Doubt::OneDonor { donor: without.donor, weight: without.weight }));
    doubts
}

fn about_placebos(control: &Control, placebo: &Placebo, bar: &Bar) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let error = control.error_before;
    if let Some(usual) = placebo.usual_error_before().filter(|usual| error > usual * bar.poor_fit) {
        doubts.push(Doubt::PoorFit { error, usual });
    }
    // Where even the clearest effect could not be told, that is the reason to say.
    let reachable = 1.0 / placebo.ways as f64 <= 1.0 - bar.confidence + 1e-12;
    if reachable && placebo.p > 1.0 - bar.confidence + 1e-12 {
        doubts.push(Doubt::PlacebosAlike { p: placebo.p });
    }
    doubts
}
