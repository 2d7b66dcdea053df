//! What the processor could do if it did nothing else: loops of the multiplying instructions alone.

use cpu_time::ProcessTime;

/// Multiplications and additions a second (two for each product) of the named instruction set's inner step, on
/// one core with everything in registers; `None` where there is no such loop or the machine lacks the instructions.
pub fn operations_a_second(instructions: &str) -> Option<f64> {
    #[cfg(target_arch = "x86_64")]
    {
        // Steps of a round, and products of a step.
        let (round, products): (unsafe fn(u64), f64) = match instructions {
            "AVX-512 VNNI" if is_x86_feature_detected!("avx512vnni") => (vnni, 12.0 * 64.0),
            "AVX2" if is_x86_feature_detected!("avx2") => (avx2, 4.0 * 32.0),
            _ => return None,
        };
        const STEPS: u64 = 2_000_000;
        let once = || {
            let started = ProcessTime::now();
            // SAFETY: the machine has the instructions, as just asked; the loops touch registers alone.
            unsafe { round(STEPS) };
            started.elapsed().as_secs_f64()
        };
        let quickest = (0..9).map(|_| once()).fold(f64::INFINITY, f64::min);
        Some(2.0 * products * STEPS as f64 / quickest)
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = (instructions, ProcessTime::now());
        None
    }
}

/// Twelve independent `vpdpbusd` a step.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vnni")]
unsafe fn vnni(steps: u64) {
    // SAFETY: registers alone, all of them named.
    unsafe {
        std::arch::asm!(
            "2:",
            "vpdpbusd zmm0, zmm30, zmm31", "vpdpbusd zmm1, zmm30, zmm31", "vpdpbusd zmm2, zmm30, zmm31",
            "vpdpbusd zmm3, zmm30, zmm31", "vpdpbusd zmm4, zmm30, zmm31", "vpdpbusd zmm5, zmm30, zmm31",
            "vpdpbusd zmm6, zmm30, zmm31", "vpdpbusd zmm7, zmm30, zmm31", "vpdpbusd zmm8, zmm30, zmm31",
            "vpdpbusd zmm9, zmm30, zmm31", "vpdpbusd zmm10, zmm30, zmm31", "vpdpbusd zmm11, zmm30, zmm31",
            "dec {n}",
            "jnz 2b",
            n = inout(reg) steps => _,
            out("zmm0") _, out("zmm1") _, out("zmm2") _, out("zmm3") _, out("zmm4") _, out("zmm5") _,
            out("zmm6") _, out("zmm7") _, out("zmm8") _, out("zmm9") _, out("zmm10") _, out("zmm11") _,
            options(nomem, nostack),
        );
    }
}

/// Four independent chains of `vpmaddubsw`, `vpmaddwd` and `vpaddd` a step.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn avx2(steps: u64) {
    // SAFETY: registers alone, all of them named.
    unsafe {
        std::arch::asm!(
            "2:",
            "vpmaddubsw ymm8, ymm4, ymm5", "vpmaddubsw ymm9, ymm4, ymm6",
            "vpmaddubsw ymm10, ymm7, ymm5", "vpmaddubsw ymm11, ymm7, ymm6",
            "vpmaddwd ymm8, ymm8, ymm12", "vpmaddwd ymm9, ymm9, ymm12",
            "vpmaddwd ymm10, ymm10, ymm12", "vpmaddwd ymm11, ymm11, ymm12",
            "vpaddd ymm0, ymm0, ymm8", "vpaddd ymm1, ymm1, ymm9",
            "vpaddd ymm2, ymm2, ymm10", "vpaddd ymm3, ymm3, ymm11",
            "dec {n}",
            "jnz 2b",
            n = inout(reg) steps => _,
            out("ymm0") _, out("ymm1") _, out("ymm2") _, out("ymm3") _, out("ymm8") _, out("ymm9") _,
            out("ymm10") _, out("ymm11") _,
            options(nomem, nostack),
        );
    }
}
