//! Looking single things up for many requests at a time: keys that come while a question is under way are asked for
//! together. What is answered was read after it was asked for.

use crate::{
    Result,
    connection::{Connection, Source},
    crew::{Asked, Crew, Told, Work},
    sql,
};
use std::{
    collections::{HashMap, VecDeque},
    future::Future,
    hash::Hash,
    sync::Arc,
    time::Duration,
};

/// Most keys in one question.
const MOST: usize = 16;

/// Things with a key.
pub(crate) trait Keyed: Send + Sync + 'static {
    type Key: Clone + Eq + Hash + Send + Sync + 'static;
    type Thing: Clone + Send + Sync + 'static;

    /// What is there of these keys, in any order. Their number is one of few, so that the statement stays prepared.
    fn ask(
        &self,
        db: &Connection,
        keys: Vec<Self::Key>,
    ) -> impl Future<Output = Told<Vec<(Self::Key, Self::Thing)>>> + Send;
}

/// Things with a key, and who asks for them.
pub(crate) struct Lookup<K: Keyed>(Arc<Crew<Asking<K>>>);

impl<K: Keyed> Lookup<K> {
    pub fn new(source: Source, patience: Duration, things: K) -> Self {
        Self(Crew::new(source, patience, Asking(things)))
    }

    /// The thing with this key.
    ///
    /// # Errors
    /// The database's; `Unavailable` when nobody was free to ask it in time.
    pub async fn find(&self, key: K::Key) -> Result<Option<K::Thing>> {
        self.0.have(key).await
    }
}

struct Asking<K>(K);

impl<K: Keyed> Work for Asking<K> {
    type Job = K::Key;
    type Answer = Option<K::Thing>;

    /// One, so that many keys come together.
    const FEW: usize = 1;
    const MANY: usize = 3;
    const TOO_LONG: Duration = Duration::from_millis(50);

    fn next(waiting: &mut VecDeque<Asked<Self>>) -> Vec<Asked<Self>> {
        let n = waiting.len().min(MOST);
        waiting.drain(..n).collect()
    }

    async fn work(&self, db: &Connection, group: Vec<Asked<Self>>) {
        let keys = group.iter().map(|asked| asked.job.clone()).collect();
        let found = self.0.ask(db, sql::padded(keys)).await;
        let found = found.map(|found| found.into_iter().collect::<HashMap<_, _>>());
        for asked in group {
            let answer = match &found {
                Ok(found) => Ok(found.get(&asked.job).cloned()),
                Err(error) => Err(error.clone()),
            };
            asked.tell(answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::DbErr;
    use std::sync::Mutex;
    use tokio::sync::Semaphore;

    /// Knows the even numbers; answers only when it is let, and remembers how much was asked for.
    struct Evens {
        gate: Semaphore,
        sizes: Mutex<Vec<usize>>,
    }

    impl Keyed for Evens {
        type Key = u32;
        type Thing = String;

        async fn ask(&self, _: &Connection, keys: Vec<u32>) -> Told<Vec<(u32, String)>> {
            self.gate.acquire().await.unwrap().forget();
            self.sizes.lock().unwrap().push(keys.len());
            if keys.contains(&13) {
                return Err(DbErr::Custom("unlucky".to_owned()));
            }
            Ok(keys.into_iter().filter(|key| key % 2 == 0).map(|key| (key, key.to_string())).collect())
        }
    }

    fn evens() -> Arc<Lookup<Evens>> {
        let evens = Evens { gate: Semaphore::new(0), sizes: Mutex::default() };
        Arc::new(Lookup::new(Source::default(), Duration::from_secs(60), evens))
    }

    async fn ask(lookup: &Arc<Lookup<Evens>>, keys: &[u32]) -> Vec<tokio::task::JoinHandle<Option<String>>> {
        let mut all = Vec::new();
        for key in keys.iter().copied() {
            let lookup = lookup.clone();
            all.push(tokio::spawn(async move { lookup.find(key).await.unwrap_or(Some("error".to_owned())) }));
            tokio::task::yield_now().await;
        }
        all
    }

    #[tokio::test]
    async fn those_that_come_meanwhile_are_asked_for_together() {
        let lookup = evens();
        let keys: Vec<u32> = (0..24).filter(|key| *key != 13).chain([4]).collect();
        let asked = ask(&lookup, &keys).await;
        lookup.0.work.0.gate.add_permits(100);
        for (key, answer) in keys.iter().zip(asked) {
            assert_eq!(answer.await.unwrap(), (key % 2 == 0).then(|| key.to_string()), "{key}");
        }
        let sizes = lookup.0.work.0.sizes.lock().unwrap().clone();
        assert_eq!(sizes, [1, 16, 8], "one alone, 16, and 7 with one of them twice");
        assert_eq!(lookup.find(40).await.unwrap().as_deref(), Some("40"), "and again");
    }

    #[tokio::test]
    async fn an_error_is_everybodys_who_asked_with_it() {
        let lookup = evens();
        let asked = ask(&lookup, &[2, 4, 6, 13, 8]).await;
        lookup.0.work.0.gate.add_permits(100);
        let mut answers = Vec::new();
        for answer in asked {
            answers.push(answer.await.unwrap().unwrap());
        }
        assert_eq!(answers, ["2", "error", "error", "error", "error"]);
        assert_eq!(lookup.find(6).await.unwrap().as_deref(), Some("6"));
    }
}
