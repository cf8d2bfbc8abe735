//! The commands over tables of comma-separated values: readers and writers in, an answer or a refusal out; they never open a file.
