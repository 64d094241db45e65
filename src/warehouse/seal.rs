//! A digest at the end of a JSON file, which shows damage that would still parse.

use bytes::Bytes;

use super::encode::sha256;

const BEFORE: &[u8] = b",\n  \"seal\": \"";
const AFTER: &[u8] = b"\"\n}\n";
const END: &[u8] = b"\n}\n";

/// The same object with one field more, its last: the SHA-256 of every byte before that field.
pub fn sealed(json: &Bytes) -> Bytes {
    let Some(body) = json.strip_suffix(END) else { return json.clone() };
    [body, BEFORE, sha256(body).as_bytes(), AFTER].concat().into()
}

/// Whether a file is as it was sealed. One without a seal is of a program that wrote none, or was written by hand.
pub fn is_whole(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_suffix(AFTER) else { return true };
    let Some((rest, seal)) = rest.split_at_checked(rest.len().saturating_sub(64)) else { return true };
    rest.strip_suffix(BEFORE).is_none_or(|body| sha256(body).as_bytes() == seal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_holds_until_a_byte_before_it_is_another() {
        let json = Bytes::from_static(b"{\n  \"a\": 1\n}\n");
        assert!(is_whole(&json), "it has none");
        let whole = sealed(&json);
        assert!(is_whole(&whole));
        for (place, byte) in whole.iter().enumerate().take(10) {
            let mut other = whole.to_vec();
            other[place] = byte ^ 1;
            assert!(!is_whole(&other), "byte {place}");
        }
        let read: serde_json::Value = serde_json::from_slice(&whole).unwrap();
        assert_eq!((read["a"].as_i64(), read["seal"].as_str().unwrap().len()), (Some(1), 64));
    }
}
