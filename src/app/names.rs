//! Names of variants where room is scarce: what they have in common is left out.

/// The shortest of their own words by which these names can be told apart. "SQS, visibility 5" and
/// "RabbitMQ, prefetch 1" are "SQS" and "RabbitMQ"; two with one head differ in their settings.
pub fn short(names: &[String]) -> Vec<String> {
    let parts: Vec<Vec<&str>> = names.iter().map(|name| name.split(", ").collect()).collect();
    let alike = |head: &str| parts.iter().filter(|parts| parts[0] == head).count();
    let each = parts.iter().zip(names).map(|(own, name)| {
        let head = own[0];
        if alike(head) == 1 {
            return head.to_owned();
        }
        let others = || parts.iter().filter(|parts| parts[0] == head);
        let telling = own[1..].iter().filter(|part| !others().all(|other| other.contains(part)));
        let telling: Vec<&str> = telling.copied().collect();
        match (telling.is_empty(), alike(head) == parts.len()) {
            (true, true) if parts.len() == 1 => name.clone(),
            (true, _) => head.to_owned(),
            (false, true) if others().all(|other| other.len() > 1) => telling.join(", "),
            (false, _) => format!("{head}, {}", telling.join(", ")),
        }
    });
    each.collect()
}
