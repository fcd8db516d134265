import type { HostFacts } from '../platform/ports.ts';

/**
 * Environment of an engine child; these can only be set from outside.
 *
 * - `UV_THREADPOOL_SIZE=1`: each decode otherwise lands on another pool thread, which halves the decode speed
 *   (docs/performance.md).
 * - `glibc.malloc.hugetlb=1` (glibc 2.35 and later, others ignore it): weights and caches come in huge pages, which
 *   saves the CPU most of its address translations. Decode per CPU second, 0.5B Q4_0, medians of 3: 55.8 → 64.9.
 * - `GGML_NO_BACKTRACE`: an abort would start a debugger where one is installed, and take seconds.
 */
export const childEnvironment = ({
  platform,
  env,
}: Pick<HostFacts, 'platform' | 'env'>): Record<string, string> => {
  const own = env['GLIBC_TUNABLES'];
  const hugePages = 'glibc.malloc.hugetlb=1';
  // a user who sets the same tunable wins
  const isSet = own?.includes('glibc.malloc.hugetlb') === true;
  const tunables = own === undefined ? hugePages : isSet ? own : `${own}:${hugePages}`;
  return {
    UV_THREADPOOL_SIZE: '1',
    GGML_NO_BACKTRACE: '1',
    ...(platform === 'linux' && { GLIBC_TUNABLES: tunables }),
  };
};
