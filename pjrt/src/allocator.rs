//! The C library's allocator, which CPU plugins take the memory of programs from.

/// Has this process keep the memory that is freed, for what is allocated next.
///
/// A CPU plugin allocates what a program works with anew for each run. Unasked, glibc takes whatever
/// is large from the system each time and gives it back after, so that a training step meets each
/// page of it for the first time: 100,000 page faults a step, and a third of its processor time,
/// where the step works with 300 MiB. Arenas of threads other than the first can't hold more than 64
/// MiB, and are not used.
///
/// What the process holds doesn't shrink after this. It is a setting of the whole process, best made
/// before there are threads; on systems without glibc it does nothing.
pub fn keep_freed_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    glibc::keep();
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod glibc {
    use std::ffi::c_int;

    /// How much may be free at the end of the heap before the system gets it back.
    const M_TRIM_THRESHOLD: c_int = -1;
    /// How many allocations may be mappings of their own.
    const M_MMAP_MAX: c_int = -4;
    /// How many heaps there may be.
    const M_ARENA_MAX: c_int = -8;

    unsafe extern "C" {
        fn mallopt(param: c_int, value: c_int) -> c_int;
    }

    pub(super) fn keep() {
        // As a size, −1 is the largest: no end of the heap is given back.
        for (param, value) in [(M_MMAP_MAX, 0), (M_TRIM_THRESHOLD, -1), (M_ARENA_MAX, 1)] {
            // SAFETY: takes two numbers, locks the heap while it changes it, and refuses what it
            // doesn't know, which leaves the heap as it was.
            unsafe { mallopt(param, value) };
        }
    }
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use std::process::Command;
    use std::{env, fs};

    use super::*;

    /// Page faults of this thread that needed no reading from a disk.
    fn faults() -> u64 {
        let stat = fs::read_to_string("/proc/thread-self/stat").unwrap();
        // The name, in parentheses, may hold spaces.
        let (_, after) = stat.rsplit_once(')').unwrap();
        after.split_whitespace().nth(7).unwrap().parse().unwrap()
    }

    /// In a process of its own: where other threads have memory already, they share more heaps than one.
    #[test]
    fn large_memory_that_is_used_again_is_there_already() {
        const ALONE: &str = "PJRT_TEST_ALONE";
        if env::var_os(ALONE).is_none() {
            let name = "allocator::tests::large_memory_that_is_used_again_is_there_already";
            let mut alone = Command::new(env::current_exe().unwrap());
            let ended = alone.args([name, "--exact", "--test-threads=1"]).env(ALONE, "1").output();
            let ended = ended.unwrap();
            let told = String::from_utf8_lossy(&ended.stdout);
            assert!(ended.status.success() && told.contains("1 passed"), "{told}");
            return;
        }
        keep_freed_memory();
        // Unasked, glibc never keeps more than 32 MiB in a piece; of a thread's own heap, more than 64
        // MiB can't be.
        let take = || std::hint::black_box(vec![1u8; 40 << 20]);
        drop(take());
        let before = faults();
        drop(take());
        let (met, pages) = (faults() - before, (40 << 20) / 4096);
        assert!(met < pages / 10, "{met} of {pages}");
    }
}
