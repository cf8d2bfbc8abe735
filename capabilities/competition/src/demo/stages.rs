//! When each stage of the demonstration is, and what happens in it; the facts' dates are kept, times of day are illustrative.

use hiec_kernel::Problem;
use hiec_kernel::clock::{Timestamp, from_london};

use super::{Play, bidding, deciding, judging, talking};
use crate::calls::stages::Stage;

/// The stages the demonstration can stand at, in order.
pub const STAGES: &[Stage] = &[
    Stage::Dialogue,
    Stage::Pqq,
    Stage::Shortlist,
    Stage::Bidding,
    Stage::Assessment,
    Stage::Panel,
    Stage::Standstill,
    Stage::Announced,
];

/// Where it stands unless told otherwise.
pub const DEFAULT: Stage = Stage::Bidding;

/// The moment the demonstration shows for a stage.
pub fn moment(stage: Stage) -> Timestamp {
    let local = match stage {
        Stage::Draft => "2009-05-06 16:00",
        Stage::Dialogue => "2009-06-15 10:00",
        Stage::Pqq => "2009-09-02 10:00",
        Stage::Shortlist => "2009-09-10 10:00",
        Stage::Bidding => "2009-10-12 10:00",
        Stage::Assessment => "2009-10-27 10:00",
        Stage::Panel => "2009-11-11 10:30",
        Stage::Standstill => "2009-11-17 10:00",
        Stage::Announced => "2009-12-03 10:00",
    };
    from_london(local).unwrap_or_default()
}

/// Everything that happens between a stage's moment and the next one's.
pub(super) async fn live_through(play: &Play, stage: Stage) -> Result<(), Problem> {
    match stage {
        Stage::Dialogue => {
            talking::later_questions(play).await?;
            play.at("2009-07-14 10:00")?;
            bidding::partnerships(play).await
        }
        Stage::Pqq => {
            play.at("2009-09-03 15:00")?;
            bidding::questionnaires(play).await?;
            judging::judge_questionnaires(play).await
        }
        Stage::Shortlist => {
            judging::settle_shortlist(play).await?;
            judging::gather_assessors(play).await?;
            play.at("2009-10-07 10:00")?;
            bidding::write_bids(play).await
        }
        Stage::Bidding => {
            play.at("2009-10-16 11:00")?;
            bidding::submit_bids(play).await?;
            bidding::open_bids(play).await?;
            judging::assign(play).await?;
            judging::review(play, "2009-10-26 15:00", |nth| nth % 2 == 1).await
        }
        Stage::Assessment => {
            judging::review(play, "2009-10-30 15:00", |nth| nth % 2 == 0).await?;
            deciding::rank(play).await?;
            deciding::convene(play).await
        }
        Stage::Panel => {
            deciding::decide(play).await?;
            deciding::tell(play).await
        }
        Stage::Standstill => deciding::award_and_announce(play).await,
        Stage::Draft | Stage::Announced => Ok(()),
    }
}
