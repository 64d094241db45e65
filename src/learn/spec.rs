//! What a learned model is asked to be, in words.

pub use crate::project::model::{
    BoostedSettings, CalibrationChoice, Campaign, EstimatorChoice, Gates, Governance, LearnedKind,
    LearnedSpec, SplitKind,
};

impl LearnedSpec {
    /// What counts as an event, in words that fit after "customers with".
    pub fn event(&self) -> String {
        match self.kind {
            LearnedKind::Probability => format!("{} = true", self.label),
            LearnedKind::Amount => format!("{} > 0", self.label),
        }
    }

    /// The same in Chinese, as what is said of a customer.
    pub fn event_zh(&self) -> String {
        match self.kind {
            LearnedKind::Probability => format!("{} 为真", self.label),
            LearnedKind::Amount => format!("{} 为正", self.label),
        }
    }
}
