//! Control limits by the kind of data; they never judge whether a change is good.
