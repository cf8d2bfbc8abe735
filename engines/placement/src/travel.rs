//! Straight-line distance between two places on the earth; it must never guess a place it was not given.

/// The mean radius of the earth in kilometres (IUGG).
const EARTH_KM: f64 = 6371.0088;

/// Degrees north and east.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// From -90 to 90.
    pub latitude: f64,
    /// From -180 to 180.
    pub longitude: f64,
}

impl Place {
    /// A place, where both numbers can be one.
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let is_place = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        is_place.then_some(Self { latitude, longitude })
    }
}

/// Kilometres as the crow flies, by the haversine formula (within half a per cent of the ellipsoid's answer).
pub fn straight_line_km(from: Place, to: Place) -> f64 {
    let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let (south, north) = (from.latitude.to_radians().cos(), to.latitude.to_radians().cos());
    let square = half(to.latitude - from.latitude) + south * north * half(to.longitude - from.longitude);
    2.0 * EARTH_KM * square.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_distances() {
        let place = |latitude, longitude| Place::new(latitude, longitude).unwrap();
        // A degree along the equator, a quarter of a meridian, and antipodes.
        assert!((straight_line_km(place(0.0, 0.0), place(0.0, 1.0)) - 111.195).abs() < 0.001);
        assert!((straight_line_km(place(0.0, 10.0), place(90.0, 10.0)) - 10_007.557).abs() < 0.001);
        assert!((straight_line_km(place(51.5, -0.1), place(-51.5, 179.9)) - 20_015.115).abs() < 0.01);
        assert_eq!(straight_line_km(place(51.5, -0.1), place(51.5, -0.1)), 0.0);
        assert!(Place::new(f64::NAN, 0.0).is_none() && Place::new(91.0, 0.0).is_none());
    }
}
