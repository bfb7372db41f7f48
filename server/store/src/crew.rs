//! Work that is done for many requests at a time: going to the database and back costs more than what is done there. What
//! comes while everybody is busy waits, and is then done together; nobody waits for others to come. Few are at it, so that
//! much comes together; more, when those who wait have waited too long: behind a lock, a slow disk, or a database that does
//! not answer.

use crate::{
    Error, Result,
    connection::{Connection, Source},
};
use sea_orm::DbErr;
use std::{
    collections::VecDeque,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    sync::{Semaphore, oneshot},
    time::timeout,
};

/// How long whoever has nothing to do stays with the connection: the next job mostly comes at once, and a connection that
/// is taken and given back is tested, and is another one each time, which has to learn the statements first.
const REST: Duration = Duration::from_millis(100);

/// What the database says to it.
pub(crate) type Told<T> = std::result::Result<T, DbErr>;

/// How much of it is done together, and how.
pub(crate) trait Work: Send + Sync + Sized + 'static {
    type Job: Send + 'static;
    type Answer: Send + 'static;

    /// How many are at it …
    const FEW: usize;
    /// … and how many at most.
    const MANY: usize;
    /// How long somebody waits for those before before one more helps.
    const TOO_LONG: Duration;

    /// Takes out what is done together next, with whoever waits the longest. Something waits.
    fn next(waiting: &mut VecDeque<Asked<Self>>) -> Vec<Asked<Self>>;

    /// Tells everybody.
    fn work(&self, db: &Connection, group: Vec<Asked<Self>>) -> impl Future<Output = ()> + Send;
}

/// A job and who waits for it.
pub(crate) struct Asked<W: Work> {
    pub job: W::Job,
    id: u64,
    tell: oneshot::Sender<Told<W::Answer>>,
}

impl<W: Work> Asked<W> {
    pub fn tell(self, answer: Told<W::Answer>) {
        // Whoever has gone does not hear it.
        let _ = self.tell.send(answer);
    }

    #[cfg(test)]
    pub fn unheard(job: W::Job) -> Self {
        Self { job, id: 0, tell: oneshot::channel().0 }
    }
}

/// Those who wait, and those who are at it.
pub(crate) struct Crew<W: Work> {
    pub work: W,
    source: Source,
    /// How long somebody waits until it is begun.
    patience: Duration,
    queue: Mutex<Queue<W>>,
    /// One for each who rests and is called back.
    called: Semaphore,
}

struct Queue<W: Work> {
    waiting: VecDeque<Asked<W>>,
    busy: usize,
    resting: usize,
    last: u64,
}

impl<W: Work> Crew<W> {
    pub fn new(source: Source, patience: Duration, work: W) -> Arc<Self> {
        let queue = Mutex::new(Queue { waiting: VecDeque::new(), busy: 0, resting: 0, last: 0 });
        Arc::new(Self { work, source, patience, queue, called: Semaphore::new(0) })
    }

    /// Has a job done. Whoever does not wait for the answer does not know whether it was.
    ///
    /// # Errors
    /// The database's; `Unavailable` when it was not begun in time.
    pub async fn have(self: &Arc<Self>, job: W::Job) -> Result<W::Answer> {
        let (id, mut told) = self.enter(job);
        self.at_it(W::FEW);
        let began = Instant::now();
        let answer = loop {
            if let Ok(answer) = timeout(W::TOO_LONG, &mut told).await {
                break answer;
            }
            if began.elapsed() >= self.patience && self.leave(id) {
                return Err(Error::Unavailable("nobody was free for it in time".into()));
            }
            self.at_it(W::MANY);
        };
        match answer {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(Error::Unavailable("it was given up".into())),
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue<W>> {
        // Whole whenever its lock is free, also after a panic.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, job: W::Job) -> (u64, oneshot::Receiver<Told<W::Answer>>) {
        let (tell, told) = oneshot::channel();
        let mut queue = self.queue();
        queue.last += 1;
        let id = queue.last;
        queue.waiting.push_back(Asked { job, id, tell });
        (id, told)
    }

    /// One more is at it, unless so many are or nothing waits.
    fn at_it(self: &Arc<Self>, most: usize) {
        let mut queue = self.queue();
        if queue.busy < most && !queue.waiting.is_empty() {
            queue.busy += 1;
            match queue.resting.checked_sub(1) {
                Some(others) => {
                    queue.resting = others;
                    self.called.add_permits(1);
                }
                None => drop(tokio::spawn(Member { crew: self.clone(), is: Is::Busy, began: false }.run())),
            }
        }
    }

    /// Whether it was still waiting.
    fn leave(&self, id: u64) -> bool {
        let mut queue = self.queue();
        let before = queue.waiting.len();
        queue.waiting.retain(|asked| asked.id != id);
        queue.waiting.len() < before
    }
}

/// Works as long as there is something to do, and rests a moment before it leaves.
struct Member<W: Work> {
    crew: Arc<Crew<W>>,
    is: Is,
    /// Has done something since it came.
    began: bool,
}

/// Among whom somebody is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Is {
    Busy,
    Resting,
    Gone,
}

impl<W: Work> Member<W> {
    async fn run(mut self) {
        let db = self.crew.source.connection();
        loop {
            while let Some(group) = self.next() {
                self.crew.work.work(&db, group).await;
            }
            if self.is == Is::Gone || !self.called_back().await {
                return;
            }
        }
    }

    /// Who comes after `None` finds one less at it.
    fn next(&mut self) -> Option<Vec<Asked<W>>> {
        let mut queue = self.crew.queue();
        queue.waiting.retain(|asked| !asked.tell.is_closed());
        // Whoever came to help does one thing: the others are slow, or are not any more.
        let helped = std::mem::replace(&mut self.began, true) && queue.busy > W::FEW;
        if helped || queue.waiting.is_empty() {
            queue.busy -= 1;
            self.is = if helped { Is::Gone } else { Is::Resting };
            queue.resting += usize::from(!helped);
            return None;
        }
        Some(W::next(&mut queue.waiting))
    }

    /// Whether there was something to do before the rest was over.
    async fn called_back(&mut self) -> bool {
        if let Ok(Ok(call)) = timeout(REST, self.crew.called.acquire()).await {
            call.forget();
            (self.is, self.began) = (Is::Busy, false);
        } else {
            self.leave();
        }
        self.is == Is::Busy
    }

    /// Leaves whoever it is counted among, unless it is called back at this very moment.
    fn leave(&mut self) {
        let mut queue = self.crew.queue();
        if let Ok(call) = self.crew.called.try_acquire() {
            call.forget();
            (self.is, self.began) = (Is::Busy, false);
        } else {
            queue.resting -= 1;
            self.is = Is::Gone;
        }
    }
}

impl<W: Work> Drop for Member<W> {
    /// Also when it was ended in the middle.
    fn drop(&mut self) {
        if self.is == Is::Resting {
            self.leave();
        }
        if self.is == Is::Busy {
            self.crew.queue().busy -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::Semaphore;

    /// Doubles two numbers at a time, and only when it is let.
    struct Doubling(Semaphore);

    impl Work for Doubling {
        type Job = u32;
        type Answer = u32;
        const FEW: usize = 1;
        const MANY: usize = 2;
        const TOO_LONG: Duration = Duration::from_millis(20);

        fn next(waiting: &mut VecDeque<Asked<Self>>) -> Vec<Asked<Self>> {
            let n = waiting.len().min(2);
            waiting.drain(..n).collect()
        }

        async fn work(&self, _: &Connection, group: Vec<Asked<Self>>) {
            self.0.acquire().await.unwrap().forget();
            for asked in group {
                let double = asked.job * 2;
                asked.tell(Ok(double));
            }
        }
    }

    fn doubling(patience: Duration) -> Arc<Crew<Doubling>> {
        Crew::new(Source::default(), patience, Doubling(Semaphore::new(0)))
    }

    async fn ask(crew: &Arc<Crew<Doubling>>, job: u32) -> tokio::task::JoinHandle<Result<u32>> {
        let crew = crew.clone();
        let asked = tokio::spawn(async move { crew.have(job).await });
        tokio::task::yield_now().await;
        asked
    }

    #[tokio::test]
    async fn each_has_an_answer_of_its_own_and_nobody_stays_at_it() {
        let crew = doubling(Duration::from_secs(60));
        let mut asked = Vec::new();
        for job in 0..9 {
            asked.push(ask(&crew, job).await);
        }
        // One alone, then two at a time.
        crew.work.0.add_permits(5);
        for (job, asked) in (0..9).zip(asked) {
            assert_eq!(asked.await.unwrap().unwrap(), job * 2);
        }
        assert_eq!(crew.work.0.available_permits(), 0);
        tokio::task::yield_now().await;
        assert_eq!(crew.queue().busy, 0);
    }

    /// Who is at it, and who rests.
    fn counted(crew: &Crew<Doubling>) -> (usize, usize) {
        let queue = crew.queue();
        (queue.busy, queue.resting)
    }

    #[tokio::test]
    async fn who_rests_is_called_back_and_leaves_when_nobody_calls() {
        let crew = doubling(Duration::from_secs(60));
        crew.work.0.add_permits(3);
        for job in 0..2 {
            assert_eq!(crew.have(job).await.unwrap(), job * 2);
            tokio::task::yield_now().await;
            assert_eq!(counted(&crew), (0, 1));
        }
        while counted(&crew) != (0, 0) {
            tokio::time::sleep(REST).await;
        }
        assert_eq!(crew.have(2).await.unwrap(), 4, "another one comes");
    }

    #[tokio::test]
    async fn behind_slow_work_another_one_is_at_it() {
        let crew = doubling(Duration::from_secs(60));
        let slow = ask(&crew, 1).await;
        tokio::time::sleep(Doubling::TOO_LONG * 2).await;
        assert_eq!(crew.queue().busy, 1, "nothing else waits");
        let behind = ask(&crew, 2).await;
        while crew.queue().busy < 2 {
            tokio::time::sleep(Doubling::TOO_LONG).await;
        }
        crew.work.0.add_permits(2);
        assert_eq!((slow.await.unwrap().unwrap(), behind.await.unwrap().unwrap()), (2, 4));
    }

    /// However much waits behind work that does not end, all of it is done, and the helpers leave.
    #[tokio::test]
    async fn all_that_waits_behind_stuck_work_is_done() {
        let crew = doubling(Duration::from_secs(60));
        crew.queue().busy = Doubling::FEW;
        crew.work.0.add_permits(100);
        let mut asked = Vec::new();
        for job in 0..7 {
            asked.push(ask(&crew, job).await);
        }
        for (job, asked) in (0..7).zip(asked) {
            assert_eq!(asked.await.unwrap().unwrap(), job * 2);
        }
        tokio::task::yield_now().await;
        assert_eq!(crew.queue().busy, Doubling::FEW, "the one that is stuck");
    }

    /// C-6: told so in time, and not done later.
    #[tokio::test]
    async fn who_finds_nobody_free_goes_away() {
        let crew = doubling(Duration::from_millis(20));
        crew.queue().busy = Doubling::MANY;
        assert!(matches!(crew.have(1).await, Err(Error::Unavailable(_))));
        assert!(crew.queue().waiting.is_empty());
        crew.queue().busy = 0;
        crew.work.0.add_permits(1);
        assert_eq!(crew.have(2).await.unwrap(), 4);
    }

    #[tokio::test]
    async fn nothing_is_done_for_who_has_gone() {
        let crew = doubling(Duration::from_secs(60));
        let first = ask(&crew, 1).await;
        ask(&crew, 2).await.abort();
        let third = ask(&crew, 3).await;
        tokio::task::yield_now().await;
        crew.work.0.add_permits(2);
        assert_eq!((first.await.unwrap().unwrap(), third.await.unwrap().unwrap()), (2, 6));
        assert_eq!(crew.queue().last, 3);
        assert_eq!(crew.work.0.available_permits(), 0, "the first alone, the third alone");
    }
}
