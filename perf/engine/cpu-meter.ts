import { readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second. */
const ticksPerSecond = 100;

export interface CpuReading {
  /** CPU seconds per wall second of the watched process. */
  readonly cpuPerWall: number;
  /** CPU seconds per wall second of everything else on the machine: the noise. */
  readonly foreignCpu: number;
}

const processTicks = (pid: number): number => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return Number.NaN; // gone, or not Linux
  }
};

const machineTicks = (): number => {
  try {
    const [, user, nice, system, , , irq, softIrq] =
      /^cpu\s+(\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)/
        .exec(readFileSync('/proc/stat', 'utf8'))
        ?.map(Number) ?? [];
    return [user, nice, system, irq, softIrq].reduce<number>((sum, ticks) => sum + (ticks ?? 0), 0);
  } catch {
    return Number.NaN; // not Linux
  }
};

/** Watches processes while something runs; `NaN` where the system does not tell. */
export const watchCpu = (pids: readonly number[]) => {
  const start = { ms: performance.now(), own: pids.map(processTicks), machine: machineTicks() };
  let last = start;
  const read = () => {
    const own = pids.map(processTicks);
    if (own.some(Number.isNaN)) return;
    last = { ms: performance.now(), own, machine: machineTicks() };
  };
  // a process that ends takes its counters along: the last reading before that counts
  const timer = setInterval(read, 20);
  return {
    stop: (): CpuReading => {
      clearInterval(timer);
      read();
      const seconds = (last.ms - start.ms) / 1000;
      const own = last.own.reduce((sum, ticks, index) => sum + ticks - (start.own[index] ?? 0), 0);
      return {
        cpuPerWall: own / ticksPerSecond / seconds,
        foreignCpu: (last.machine - start.machine - own) / ticksPerSecond / seconds,
      };
    },
  };
};
