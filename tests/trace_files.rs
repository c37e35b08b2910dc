//! Trace files, good and bad: what they are read as, and in which words they are refused.
//!
//! The fixtures were made with the zstd command where this project's dependencies cannot make
//! them: `window-128-mib.zst` (`--long=27`), `window-256-mib.zst` (`--long=28`),
//! `dictionary.zst` (`-D`), and `frames.zst` (two frames between skippable ones).

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may end it")]

use proptest::prelude::*;
use sluice::refusal::Refusal;
use sluice::trace::{Columns, Limits, Reading, TraceReader, Wants, read_all};
use std::io::Write;

/// Good files: the keys in the order of their requests, and the format as it is shown.
#[test]
fn good_files_are_read() {
    check("plain", "a\nb\na\n", "{}", Ok("a b a | text"));
    check("no line break at the end", "a\nb", "{}", Ok("a b | text"));
    check("CR LF", "a\r\nb\r\n", "{}", Ok("a b | text"));
    check("blank lines", "\n\na\n  \n\t\r\nb\n\n", "{}", Ok("a b | text"));
    check("byte order mark", "\u{feff}a\nb\n\u{feff}a\n", "{}", Ok("a b \u{feff}a | text"));
    check("any first character", "#1\n\"2\n//3\n", "{}", Ok("#1 \"2 //3 | text"));
    check("one letter", "x", "{}", Ok("x | text"));
    check("the first letter of zstd's mark", "(", "{}", Ok("( | text"));
    check("one digit a line", "1\n2\n", "{}", Ok("1 2 | text"));
    check("not ASCII", "é\nü\né\n", "{}", Ok("é ü é | text"));
    check("not UTF-8", b"\xe9\n\xfc\n\xe9\n", "{}", Ok("\u{fffd} \u{fffd} \u{fffd} | text"));
    check("the longest key", "k".repeat(1024), "{}", Ok(&format!("{} | text", "k".repeat(1024))));
    check("a header to pass over", "key\na\n", r#"{"header":true}"#, Ok("a | text"));
    check("gzip", gzip(b"a\nb\n"), "{}", Ok("a b | text, gzip-compressed"));
    check(
        "gzip in two members",
        [gzip(b"a\n"), gzip(b"b\n")].concat(),
        "{}",
        Ok("a b | text, gzip-compressed"),
    );
    check("zstd", zstd(b"a\nb\n"), "{}", Ok("a b | text, zstd-compressed"));
    check(
        "zstd in two frames",
        [zstd(b"a\nb"), zstd(b"c\n")].concat(),
        "{}",
        Ok("a bc | text, zstd-compressed"),
    );
    check("zstd frames", fixture("frames"), "{}", Ok("a b a c a b a c | text, zstd-compressed"));
    check("zstd with a wide window", fixture("window-128-mib"), "{}", Ok("a b a c | text, zstd-compressed"));
    check("oracleGeneral", records(&[7, 1 << 40, 7]), "{}", Ok("7 1099511627776 7 | oracleGeneral"));
    check("a time like a byte order mark", records_at(&[(0xbf_bbef, 7, -1)]), "{}", Ok("7 | oracleGeneral"));
    check("one record", records(&[0]), "{}", Ok("0 | oracleGeneral"));
    check("packed", zstd(&records(&[9, 8, 9])), "{}", Ok("9 8 9 | oracleGeneral, zstd-compressed"));
}

/// Good files in columns, with the options as a scenario writes them.
#[test]
fn columns_are_read() {
    let file = "time,key\n1,a\n2,b\n3,a\n";
    let shown = "a b a | text, column 2 of comma-separated columns";
    check("by number", file, r#"{"column":2,"header":true,"delimiter":","}"#, Ok(shown));
    check("by name", file, r#"{"column":"key"}"#, Ok(shown));
    check("by name, delimiter chosen", file, r#"{"column":"key","delimiter":"comma"}"#, Ok(shown));
    check("recognised", file, r#"{"column":2,"header":true}"#, Ok(shown));
    check(
        "a header not announced",
        "k,x\na,1\n",
        r#"{"column":1}"#,
        Ok("k a | text, column 1 of comma-separated columns"),
    );
    check(
        "the first column",
        "a;1\nb;2\n",
        r#"{"delimiter":";"}"#,
        Ok("a b | text, column 1 of semicolon-separated columns"),
    );
    check(
        "tabs",
        "1\ta b\n2\tc d\n",
        r#"{"column":2}"#,
        Ok("a b c d | text, column 2 of tab-separated columns"),
    );
    check(
        "spaces",
        " 1  a x\n2 b   y \n",
        r#"{"column":2}"#,
        Ok("a b | text, column 2 of space-separated columns"),
    );
    check(
        "blanks around",
        "1, a \n2 ,b\n",
        r#"{"column":2}"#,
        Ok("a b | text, column 2 of comma-separated columns"),
    );
    let quoted = "1,\"a,b\"\n2,\"say \"\"hi\"\"\"\n3,c\"d\n4,\"e\n";
    check(
        "quotes",
        quoted,
        r#"{"column":2}"#,
        Ok("a,b say \"hi\" c\"d \"e | text, column 2 of comma-separated columns"),
    );
    check("one column only", "a\nb\n", r#"{"column":1}"#, Ok("a b | text"));
    check(
        "irregular",
        "1,a\n2,b,more\n",
        r#"{"column":2}"#,
        Ok("a b | text, column 2 of comma-separated columns"),
    );
}

/// Bad files: the field and the value that the refusal names, and a part of what is allowed.
#[test]
fn bad_files_are_refused_by_name() {
    let long = "k".repeat(1025);
    check("empty", "", "{}", Err(("file", "an empty file", "at least one request")));
    check("a mark alone", "\u{feff}", "{}", Err(("file", "an empty file", "")));
    check("blank lines", "\n \r\n\n", "{}", Err(("file", "a file of blank lines", "")));
    check("a header alone", "key\n", r#"{"header":true}"#, Err(("file", "a file of a header alone", "")));
    check(
        "a long key",
        format!("a\n\n{long}"),
        "{}",
        Err(("line 3", "a key of 1,025 bytes", "at most 1,024 bytes")),
    );
    check(
        "an endless line",
        "k".repeat(70_000),
        "{}",
        Err(("line 1", "a line of more than 65,536 bytes", "1,024")),
    );
    check("empty gzip", gzip(b""), "{}", Err(("file", "an empty file", "")));
    check("empty zstd", zstd(b""), "{}", Err(("file", "an empty file", "")));
    check(
        "packed twice",
        gzip(&gzip(b"a\n")),
        "{}",
        Err(("file", "a file that is compressed twice", "once")),
    );
    check("a zip archive", b"PK\x03\x04\0\0", "{}", Err(("file", "a zip archive or a spreadsheet", "gzip")));
    check("UTF-16", b"\xff\xfea\0\n\0", "{}", Err(("file", "text in UTF-16", "UTF-8")));
    check("binary", [0u8; 23], "{}", Err(("file", "a binary file that is no trace", "one key a line")));
    check(
        "times that go back",
        records_at(&[(5, 1, -1), (4, 2, -1)]),
        "{}",
        Err(("file", "a binary file that is no trace", "")),
    );
    check(
        "a next request that is past",
        records_at(&[(5, 1, 1), (5, 2, 0)]),
        "{}",
        Err(("file", "a binary file that is no trace", "")),
    );
    check(
        "a cut record",
        &records(&[7, 8])[..40],
        "{}",
        Err(("record 2", "16 bytes at the end of the file", "24 bytes")),
    );
    check(
        "a wide window",
        fixture("window-256-mib"),
        "{}",
        Err(("file", "a zstd file with a window of 268,435,456 bytes", "134,217,728")),
    );
    check(
        "a dictionary",
        fixture("dictionary"),
        "{}",
        Err(("file", "a zstd file that needs a dictionary", "without")),
    );
    check(
        "damaged zstd",
        damaged(zstd(b"a\nb\na\nb\n")),
        "{}",
        Err(("file", "a damaged zstd file", "undamaged")),
    );
    check(
        "damaged gzip",
        [gzip(b"a\n"), b"rest of it".to_vec()].concat(),
        "{}",
        Err(("file", "a damaged gzip file", "undamaged")),
    );
    check(
        "gzip's checksum",
        damaged(gzip(b"a\nb\n")),
        "{}",
        Err(("file", "a gzip file that is cut short or damaged", "")),
    );
    check("column 0", "a,b\n", r#"{"column":0}"#, Err(("column", "0", "counted from 1")));
    check(
        "a name without a header",
        "a,b\n",
        r#"{"column":"x","header":false}"#,
        Err(("header", "false", "by its name")),
    );
    check("no such name", "k,v\na,b\n", r#"{"column":"x"}"#, Err(("column", "x", "one of: k, v")));
    check(
        "too few columns",
        "a,b\nc\n",
        r#"{"column":2}"#,
        Err(("line 2", "c", "at least 2 columns with a comma")),
    );
    check("no key", "a,b\nc,,d\n", r#"{"column":2}"#, Err(("line 2", "c,,d", "a key in column 2")));
}

#[test]
fn files_cut_short_are_refused() {
    for packed in [gzip(b"a\nb\nc\n"), zstd(b"a\nb\nc\n"), fixture("frames")] {
        assert!(read(&packed, "{}", usize::MAX).is_ok());
        for length in 2..packed.len() {
            let cut = read(&packed[..length], "{}", usize::MAX);
            let at_a_frame = packed == fixture("frames") && cut.is_ok();
            let value = cut.err().map(|refusal| refusal.value).unwrap_or_default();
            assert!(
                at_a_frame || value.contains("cut short") || value.contains("empty"),
                "{length}: {value}"
            );
        }
    }
}

#[test]
fn limits_are_kept() {
    let limits = Limits { requests: 3, name_bytes: 4, bytes: 1 << 20, ..Limits::default() };
    let stopped = read_within("a\nb\na\na\nb\n", limits);
    let reading = stopped.unwrap();
    assert_eq!(shown(&reading), "a b a | text");
    assert_eq!(reading.notes[0].to_string(), "Only the first 3 requests were taken.");
    assert!(read_within("a\nb\na\n\n", limits).unwrap().notes.is_empty());
    let records = read_within(records(&[1, 2, 3, 4]), limits).unwrap();
    assert_eq!((records.trace.requests.len(), records.notes.len()), (3, 1));
    let names = read_within("aa\nbb\nc\n", limits).unwrap_err();
    assert_eq!((names.field.as_str(), names.value.contains("more than 4 bytes")), ("line 3", true));
    for bomb in [gzip(&vec![b'\n'; 2 << 20]), zstd(&vec![b'\n'; 2 << 20])] {
        let refusal = read_within(bomb, limits).unwrap_err();
        assert_eq!(refusal.value, "more than 1,048,576 bytes after unpacking");
    }
}

#[test]
fn a_full_reader_wants_no_more() {
    let mut reader = TraceReader::within(Columns::default(), Limits { requests: 1, ..Limits::default() });
    let lines = "a\n".repeat(4096);
    assert_eq!(reader.push(lines.as_bytes()), Ok(Wants::NoMore));
    assert_eq!((reader.push(&[0]), reader.requests()), (Ok(Wants::NoMore), 1));
    assert_eq!(reader.finish().unwrap().trace.requests.len(), 1);
}

#[test]
fn a_refusal_stays() {
    let mut reader = TraceReader::new(Columns::default());
    let refused = reader.push(&[0; 5000]).and_then(|_| reader.push(&[1, 0]));
    assert_eq!(reader.push(b"a\n"), refused);
    assert_eq!(reader.finish().unwrap_err(), refused.unwrap_err());
}

#[test]
fn lines_that_look_like_columns_are_noted() {
    let reading = read(b"1,a\n2,b\n3,a\n", "{}", usize::MAX).unwrap();
    assert!(reading.notes[0].to_string().contains("look like comma-separated columns"));
    assert!(read(b"1 a\n2 b\n3 a\n", "{}", usize::MAX).unwrap().notes.is_empty());
}

#[test]
fn options_are_written_as_they_are_read() {
    let written = r#"{"column":2,"header":true,"delimiter":","}"#;
    let columns: Columns = serde_json::from_str(written).unwrap();
    assert_eq!(serde_json::to_string(&columns).unwrap(), written);
    assert_eq!(serde_json::to_string(&Columns::default()).unwrap(), "{}");
    let refused = serde_json::from_str::<Columns>(r#"{"delimiter":"|"}"#).unwrap_err();
    assert!(refused.to_string().contains("use comma, tab, semicolon or space"), "{refused}");
}

proptest! {
    #[test]
    fn any_split_gives_the_same(
        keys in prop::collection::vec(0u64..50, 1..800),
        body in 0..3usize,
        packing in 0..3usize,
        sizes in prop::collection::vec(1usize..3000, 1..8),
    ) {
        let file = packed(&body_of(&keys, body), packing);
        let options = if body == 2 { r#"{"column":"key"}"# } else { "{}" };
        let whole = read(&file, options, usize::MAX);
        let mut reader = TraceReader::new(serde_json::from_str(options).unwrap());
        let mut rest = file.as_slice();
        for size in sizes.iter().cycle() {
            let (piece, after) = rest.split_at(rest.len().min(*size));
            prop_assert_eq!(reader.push(piece), Ok(Wants::More));
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(reader.finish(), whole);
    }

    #[test]
    fn what_is_written_is_read_back(
        keys in prop::collection::vec(any::<u64>(), 1..500),
        body in 0..3usize,
        packing in 0..3usize,
    ) {
        let file = packed(&body_of(&keys, body), packing);
        let options = if body == 2 { r#"{"column":"key"}"# } else { "{}" };
        let reading = read(&file, options, 100).unwrap();
        let trace = &reading.trace;
        let read: Vec<String> = trace.requests.iter().map(|key| trace.names.of(*key).to_string()).collect();
        let written: Vec<String> = keys.iter().map(u64::to_string).collect();
        prop_assert_eq!(read, written);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(
        mut bytes in prop::collection::vec(any::<u8>(), 0..400),
        start in prop::sample::select(vec![
            &b""[..], b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18", b"a,\"b\n", b"\xef\xbb\xbf",
        ]),
        size in 1usize..500,
    ) {
        bytes.splice(0..0, start.iter().copied());
        for options in ["{}", r#"{"column":2}"#] {
            prop_assert_eq!(read(&bytes, options, size), read(&bytes, options, usize::MAX));
        }
    }

    #[test]
    fn no_damage_makes_a_reader_panic(
        keys in prop::collection::vec(0u64..500, 1..400),
        packing in 1..3usize,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut file = packed(&body_of(&keys, 0), packing);
        for (place, byte) in flips {
            let place = place.index(file.len());
            file[place] = byte;
        }
        let _ = read(&file, "{}", 64);
    }
}

/// Reads `bytes` whole and in pieces, and compares with `expected`: the keys and the format, or
/// the field and value that are refused and a part of what is allowed.
fn check(name: &str, bytes: impl AsRef<[u8]>, options: &str, expected: Result<&str, (&str, &str, &str)>) {
    for size in [usize::MAX, 1, 7, 24, 4096] {
        let got = read(bytes.as_ref(), options, size);
        match (&got, expected) {
            (Ok(reading), Ok(text)) => assert_eq!(shown(reading), text, "{name}, {size} bytes at a time"),
            (Err(refusal), Err((field, value, allowed))) => {
                assert_eq!((refusal.field.as_str(), refusal.value.as_str()), (field, value), "{name}");
                assert!(refusal.allowed.contains(allowed), "{name}: {refusal}");
            }
            _ => panic!("{name}, {size} bytes at a time: {got:?}"),
        }
    }
    let all = read_all(bytes.as_ref(), TraceReader::new(serde_json::from_str(options).unwrap()));
    assert_eq!(all, read(bytes.as_ref(), options, usize::MAX), "{name}");
}

fn read(bytes: &[u8], options: &str, size: usize) -> Result<Reading, Refusal> {
    let mut reader = TraceReader::new(serde_json::from_str(options).unwrap());
    for piece in bytes.chunks(size.max(1)) {
        reader.push(piece)?;
    }
    reader.finish()
}

fn read_within(bytes: impl AsRef<[u8]>, limits: Limits) -> Result<Reading, Refusal> {
    let mut reader = TraceReader::within(Columns::default(), limits);
    reader.push(bytes.as_ref())?;
    reader.finish()
}

/// The keys in the order of their requests, and the format.
fn shown(reading: &Reading) -> String {
    let trace = &reading.trace;
    let keys: Vec<String> = trace.requests.iter().map(|key| trace.names.of(*key).to_string()).collect();
    format!("{} | {}", keys.join(" "), reading.format)
}

/// The same keys as lines, as records, or as the second of two columns.
fn body_of(keys: &[u64], body: usize) -> Vec<u8> {
    match body {
        0 => keys.iter().flat_map(|key| format!("{key}\n").into_bytes()).collect(),
        1 => records(keys),
        _ => {
            let rows = keys.iter().flat_map(|key| format!("x;{key}\r\n").into_bytes());
            b"other;key\n".iter().copied().chain(rows).collect()
        }
    }
}

fn packed(plain: &[u8], packing: usize) -> Vec<u8> {
    match packing {
        0 => plain.to_vec(),
        1 => gzip(plain),
        _ => zstd(plain),
    }
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn zstd(plain: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(plain, ruzstd::encoding::CompressionLevel::Fastest)
}

/// The file with its last byte changed, which is part of a checksum or a length.
fn damaged(mut file: Vec<u8>) -> Vec<u8> {
    *file.last_mut().unwrap() ^= 1;
    file
}

/// oracleGeneral records of these objects.
fn records(objects: &[u64]) -> Vec<u8> {
    let rows: Vec<(u32, u64, i64)> = objects
        .iter()
        .enumerate()
        .map(|(place, object)| {
            let ahead = objects[place + 1..].iter().position(|next| next == object);
            (place as u32 / 10, *object, ahead.map_or(-1, |ahead| (place + 1 + ahead) as i64))
        })
        .collect();
    records_at(&rows)
}

/// oracleGeneral records of a time, an object and a next request each.
fn records_at(rows: &[(u32, u64, i64)]) -> Vec<u8> {
    let record = |(time, object, next): &(u32, u64, i64)| {
        [&time.to_le_bytes()[..], &object.to_le_bytes(), &1u32.to_le_bytes(), &next.to_le_bytes()].concat()
    };
    rows.iter().flat_map(record).collect()
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/{name}.zst", env!("CARGO_MANIFEST_DIR"))).unwrap()
}
