import type { StepTotals } from '../../../shared/contract/engine-steps.ts';
import type { RowEnergy } from '../../../shared/contract/usage-energy.ts';
import type { UsageEntry } from '../../../shared/contract/usage.ts';
import type { EngineWork } from '../../gateway/index.ts';
import { joulesBetween, type EnergySource, type TimedReading } from '../../hardware/index.ts';
import type { Clock, Logger } from '../../platform/ports.ts';
import type { EnergyRecord, HostEnergy } from '../../platform/stores.ts';
import { createEnergyAccount } from './energy-account.ts';
import { createHostBook } from './host-book.ts';

/** Counters are exact at any interval; a power reading in between is a second old at most. */
export const METER_EVERY_MS = 1000;
/** A driver that wakes up takes seconds to its first number; a machine that told none by then has no sensor. */
const TRIES = 10;

/**
 * The energy of a server's requests. probing → on | off; off is the end: nothing is read or timed then.
 * Disposing it reads a last time and tells what is known.
 */
export interface EnergyMeter extends AsyncDisposable {
  /** What a row is written with; where its energy is known only later, the ledger is told then. */
  take(entry: UsageEntry, work: EngineWork | null): RowEnergy;
}

interface Options {
  readonly clock: Clock;
  readonly log: Logger;
  readonly source: EnergySource;
  readonly works: () => readonly EngineWork[];
  /** What the engines of each model spent on steps since it was last asked. */
  readonly stepTotals: () => (model: string) => StepTotals;
  readonly usesGpu: (model: string) => boolean;
  readonly tell: (records: readonly EnergyRecord[], host: readonly HostEnergy[]) => void;
}

type State =
  | { readonly type: 'probing'; readonly triesLeft: number }
  | { readonly type: 'on' }
  | { readonly type: 'off'; readonly reason: string };

const hasNumber = ({ counterJoules, watts }: TimedReading): boolean =>
  counterJoules !== null || watts !== null;

const pending: RowEnergy = {
  joules: null,
  devices: [],
  reason: 'not told yet, or lost with a host that was killed',
};

/**
 * Opens the meter over `source`, which it disposes; resolves after a first reading, so that no request goes before it.
 * Never rejects: a server is worth more than its meter.
 */
export const openEnergyMeter = async (options: Options): Promise<EnergyMeter> => {
  const { clock, log, source } = options;
  const account = createEnergyAccount();
  const hostBook = createHostBook(clock);
  const opened = new DisposableStack();
  opened.use(source);

  const read = async () => {
    const readings = await source.read();
    const atMs = clock.monotonicMs();
    return { atMs, readings: readings.map((reading): TimedReading => ({ ...reading, atMs })) };
  };
  const unread = (error: unknown) => {
    log.warn('the energy sensors could not be read', { error });
    return { atMs: clock.monotonicMs(), readings: [] };
  };
  let before: Awaited<ReturnType<typeof read>> = await read().catch(unread);
  const isHopeless = !source.startsLate && !before.readings.some(hasNumber);
  let state: State = { type: 'probing', triesLeft: TRIES };

  const turnOff = (readings: readonly TimedReading[]): void => {
    const reasons = readings.map(({ device, reason }) => `${device}: ${reason ?? 'nothing was read'}`);
    state = { type: 'off', reason: reasons.join('; ') || 'no sensor could be read' };
    opened.dispose();
  };

  const next = (readings: readonly TimedReading[]): void => {
    if (state.type !== 'probing') return;
    if (readings.some(hasNumber)) state = { type: 'on' };
    else if (state.triesLeft <= 1) turnOff(readings);
    else state = { type: 'probing', triesLeft: state.triesLeft - 1 };
  };

  /** Shares what was drawn since the last reading. */
  const settle = async (): Promise<void> => {
    const now = await read();
    const stretch = { fromMs: before.atMs, toMs: now.atMs };
    if (stretch.toMs <= stretch.fromMs) return;
    const last = new Map(before.readings.map((reading) => [reading.device, reading]));
    before = now;
    const { records, host } = account.settle({
      stretch,
      devices: now.readings.map((reading) => ({
        device: reading.device,
        isGpu: reading.isGpu,
        drawn: joulesBetween(last.get(reading.device), reading),
      })),
      works: options.works(),
      stepsOf: options.stepTotals(),
      usesGpu: options.usesGpu,
    });
    hostBook.add(host);
    next(now.readings);
    options.tell(records, hostBook.due());
  };

  let running: Promise<void> = Promise.resolve();
  let isRunning = false;
  /** One at a time: a sensor that answers slowly makes the stretch longer. */
  const tick = (): Promise<void> => {
    if (isRunning || state.type === 'off') return running;
    isRunning = true;
    running = settle()
      .catch((error: unknown) => void unread(error))
      .finally(() => (isRunning = false));
    return running;
  };
  if (isHopeless) turnOff(before.readings);
  else {
    next(before.readings);
    opened.use(clock.every(METER_EVERY_MS, () => void tick()));
  }

  return {
    take: (entry, work) => {
      if (state.type === 'off') return { joules: null, devices: [], reason: state.reason };
      if (work === null) {
        const devices = before.readings.filter(hasNumber).map(({ device }) => device);
        return devices.length === 0
          ? { joules: null, devices, reason: 'no sensor had answered yet' }
          : { joules: 0, devices, reason: null };
      }
      account.ended(entry, work);
      return pending;
    },
    [Symbol.asyncDispose]: async () => {
      await running;
      await tick();
      options.tell([], hostBook.all());
      opened.dispose();
    },
  };
};
