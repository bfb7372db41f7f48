//! Looking single things up for many requests at a time: keys that come while the askers are busy are asked for together.
//! Going to the database and back costs more than what is found there. Nobody waits for others to come, and what is
//! answered was read after it was asked for.

use crate::{Error, Result};
use sea_orm::DbErr;
use std::{
    collections::HashMap,
    future::Future,
    hash::Hash,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot;

/// Questions under way at a time.
const ASKERS: usize = 2;
/// Most keys in one.
const MOST: usize = 16;

type Found<K, V> = std::result::Result<Vec<(K, V)>, DbErr>;
type Told<V> = std::result::Result<Option<V>, DbErr>;
/// What is there of these keys, in any order. Their number is one of few, so that the statement stays prepared.
type Ask<K, V> = dyn Fn(Vec<K>) -> Pin<Box<dyn Future<Output = Found<K, V>> + Send>> + Send + Sync;

/// Things with a key, and who asks for them.
pub(crate) struct Lookup<K, V> {
    ask: Box<Ask<K, V>>,
    state: Mutex<State<K, V>>,
}

struct State<K, V> {
    waiting: Vec<(K, oneshot::Sender<Told<V>>)>,
    askers: usize,
}

impl<K, V> Lookup<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub fn new<F>(ask: impl Fn(Vec<K>) -> F + Send + Sync + 'static) -> Arc<Self>
    where
        F: Future<Output = Found<K, V>> + Send + 'static,
    {
        let state = Mutex::new(State { waiting: Vec::new(), askers: 0 });
        Arc::new(Self { ask: Box::new(move |keys| Box::pin(ask(keys))), state })
    }

    /// The thing with this key.
    ///
    /// # Errors
    /// The database's.
    pub async fn find(self: &Arc<Self>, key: K) -> Result<Option<V>> {
        let (tell, told) = oneshot::channel();
        {
            let mut state = self.state();
            state.waiting.push((key, tell));
            if state.askers < ASKERS {
                state.askers += 1;
                tokio::spawn(Asker { lookup: self.clone(), busy: true }.run());
            }
        }
        match told.await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(Error::Unavailable("the question was given up".into())),
        }
    }

    async fn answer(&self, asked: Vec<(K, oneshot::Sender<Told<V>>)>) {
        let mut keys: Vec<K> = asked.iter().map(|(key, _)| key.clone()).collect();
        if let Some(last) = keys.last().cloned() {
            keys.resize(keys.len().next_power_of_two(), last);
        }
        match (self.ask)(keys).await {
            Ok(found) => {
                let found: HashMap<K, V> = found.into_iter().collect();
                for (key, tell) in asked {
                    let _ = tell.send(Ok(found.get(&key).cloned()));
                }
            }
            Err(error) => {
                for (_, tell) in asked {
                    let _ = tell.send(Err(error.clone()));
                }
            }
        }
    }
}

impl<K, V> Lookup<K, V> {
    fn state(&self) -> MutexGuard<'_, State<K, V>> {
        // Whole whenever its lock is free, also after a panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks as long as there is something to ask.
struct Asker<K, V> {
    lookup: Arc<Lookup<K, V>>,
    /// Counted among the askers.
    busy: bool,
}

impl<K, V> Asker<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    async fn run(mut self) {
        while let Some(asked) = self.next() {
            self.lookup.answer(asked).await;
        }
    }

    /// Those to be asked for next, whoever waits the longest first. Who comes after `None` finds an asker less.
    fn next(&mut self) -> Option<Vec<(K, oneshot::Sender<Told<V>>)>> {
        let mut state = self.lookup.state();
        state.waiting.retain(|(_, tell)| !tell.is_closed());
        if state.waiting.is_empty() {
            state.askers -= 1;
            self.busy = false;
            return None;
        }
        let n = state.waiting.len().min(MOST);
        Some(state.waiting.drain(..n).collect())
    }
}

impl<K, V> Drop for Asker<K, V> {
    /// Also when it was ended in the middle.
    fn drop(&mut self) {
        if self.busy {
            self.lookup.state().askers -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::Semaphore;

    type Evens = (Arc<Lookup<u32, String>>, Arc<Semaphore>, Arc<Mutex<Vec<usize>>>);

    /// Knows the even numbers; asks only when it is let, and remembers how much was asked for.
    fn evens() -> Evens {
        let (gate, sizes) = (Arc::new(Semaphore::new(0)), Arc::<Mutex<Vec<usize>>>::default());
        let (let_in, seen) = (gate.clone(), sizes.clone());
        let lookup = Lookup::new(move |keys: Vec<u32>| {
            let (let_in, seen) = (let_in.clone(), seen.clone());
            async move {
                let_in.acquire().await.unwrap().forget();
                seen.lock().unwrap().push(keys.len());
                if keys.contains(&13) {
                    return Err(DbErr::Custom("unlucky".to_owned()));
                }
                Ok(keys.into_iter().filter(|key| key % 2 == 0).map(|key| (key, key.to_string())).collect())
            }
        });
        (lookup, gate, sizes)
    }

    async fn ask(
        lookup: &Arc<Lookup<u32, String>>,
        keys: &[u32],
    ) -> Vec<tokio::task::JoinHandle<Option<String>>> {
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
        let (lookup, gate, sizes) = evens();
        let keys: Vec<u32> = (0..25).filter(|key| *key != 13).chain([4]).collect();
        let asked = ask(&lookup, &keys).await;
        gate.add_permits(100);
        for (key, answer) in keys.iter().zip(asked) {
            assert_eq!(answer.await.unwrap(), (key % 2 == 0).then(|| key.to_string()), "{key}");
        }
        sizes.lock().unwrap().sort_unstable();
        assert_eq!(*sizes.lock().unwrap(), [1, 1, 8, 16], "two alone, 16, and 7 with one of them twice");
        assert_eq!(lookup.find(40).await.unwrap().as_deref(), Some("40"), "and again");
        assert_eq!(lookup.state().askers, 0);
    }

    #[tokio::test]
    async fn an_error_is_everybodys_who_asked_with_it() {
        let (lookup, gate, _) = evens();
        let asked = ask(&lookup, &[2, 4, 6, 13, 8]).await;
        gate.add_permits(100);
        let mut answers = Vec::new();
        for answer in asked {
            answers.push(answer.await.unwrap().unwrap());
        }
        assert_eq!(answers, ["2", "4", "error", "error", "error"]);
        assert_eq!(lookup.find(6).await.unwrap().as_deref(), Some("6"));
    }
}
