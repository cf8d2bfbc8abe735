//! Statistical process control: charts, their rules and what each flag means; it must never read a file, a clock or a network.
