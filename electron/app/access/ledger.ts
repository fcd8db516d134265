import type { PricedDay, PriceSheet, UsageDay } from '../../../shared/contract/prices.ts';
import type {
  UsageEntry,
  UsageRow,
  UsageSum,
  UsageSumInput,
  WrittenRow,
} from '../../../shared/contract/usage.ts';
import type { RowEnergy } from '../../../shared/contract/usage-energy.ts';
import { toAppError } from '../../../shared/errors/app-error.ts';
import { createPricing } from '../../../shared/units/price-usage.ts';
import type { Clock, Logger } from '../../platform/ports.ts';
import type { EnergyRecord, HostEnergy, UsageStore } from '../../platform/stores.ts';
import { tenantOf, type Actor } from './actor.ts';

/** A transaction for each of a thousand requests a second would cost more than the requests. */
const WRITE_EVERY_MS = 100;
/** Rows that wait for a disk that is full; the oldest go first, and are told of. */
const MOST_WAITING = 100_000;

/** Of a row whose server has no meter. */
const unmetered: RowEnergy = { joules: null, devices: [], reason: 'this server was not metered' };

/** The append-only ledger. A kill loses at most the last tenth of a second; disposing it writes what waits. */
export interface Ledger extends Disposable {
  /**
   * Costs are added when it is written: at the price sheets of that moment.
   * @param energy what is known of it by then
   */
  readonly add: (entry: UsageEntry, energy?: RowEnergy) => void;
  /** Energy of requests whose rows were added before, and of the devices. */
  readonly addEnergy: (records: readonly EnergyRecord[], host: readonly HostEnergy[]) => void;
  /** What a served content is: rows that name it have this hash from now on. @throws AppError `storage.*` */
  readonly addFile: UsageStore['addFile'];
  /** `undefined` while it was not told. */
  readonly fileSha256: UsageStore['fileSha256'];
  /** Writes what waits. Throws what the store throws; nothing is lost then. */
  flush(): void;
  sum(actor: Actor, input: UsageSumInput): readonly UsageSum[];
  /** Of a tenant whose reach was checked. */
  days(span: Parameters<UsageStore['days']>[0]): readonly UsageDay[];
  pricedDays(span: Parameters<UsageStore['pricedDays']>[0]): readonly PricedDay[];
  /** What each device of the machine drew, and why requests have no energy. */
  hostEnergy(span: Parameters<UsageStore['hostEnergy']>[0]): {
    readonly devices: ReturnType<UsageStore['hostEnergy']>;
    readonly missing: string | undefined;
  };
  rows(
    actor: Actor,
    span: { readonly fromMs: number; readonly toMs: number; readonly limit: number },
  ): readonly UsageRow[];
}

export const openLedger = ({
  store,
  sheets,
  clock,
  log,
}: {
  readonly store: UsageStore;
  /** Those that hold now; asked for every writing, since another host may change them. */
  readonly sheets: () => readonly PriceSheet[];
  readonly clock: Pick<Clock, 'every'>;
  readonly log: Logger;
}): Ledger => {
  const waiting: Omit<WrittenRow, 'costs'>[] = [];
  const energy: { records: EnergyRecord[]; host: HostEnergy[] } = { records: [], host: [] };
  /** A row that is not priced can be priced later; one that is not written is lost. */
  const pricing = (): ReturnType<typeof createPricing> => {
    try {
      return createPricing(sheets());
    } catch (error) {
      if (toAppError(error).code !== 'storage.corrupt') throw error;
      log.error('the price sheets cannot be read: rows are written without a price', { error });
      return () => [];
    }
  };
  const writeRows = (): void => {
    if (waiting.length === 0) return;
    const costsOf = pricing();
    store.add(waiting.map((entry) => ({ ...entry, costs: [...costsOf(entry)] })));
    waiting.length = 0;
  };
  /** After the rows it is of. */
  const writeEnergy = (): void => {
    if (energy.records.length + energy.host.length === 0) return;
    store.addEnergy(energy.records, energy.host);
    energy.records.length = 0;
    energy.host.length = 0;
  };
  const flush = (): void => {
    writeRows();
    writeEnergy();
  };
  const write = (): void => {
    try {
      flush();
    } catch (error) {
      const lost = [waiting, energy.records, energy.host].reduce(
        (sum, list) => sum + list.splice(0, Math.max(0, list.length - MOST_WAITING)).length,
        0,
      );
      log.error('the ledger could not be written', { error, waiting: waiting.length, lost });
    }
  };
  const timer = clock.every(WRITE_EVERY_MS, write);
  return {
    add: (entry, drawn = unmetered) => void waiting.push({ ...entry, energy: drawn }),
    addEnergy: (records, host) => {
      energy.records.push(...records);
      energy.host.push(...host);
    },
    addFile: store.addFile,
    fileSha256: store.fileSha256,
    flush,
    hostEnergy: (span) => {
      write();
      return { devices: store.hostEnergy(span), missing: store.energyMissing(span) };
    },
    sum: (actor, input) => {
      write();
      return store.sum({ ...input, tenantId: tenantOf(actor) });
    },
    days: (span) => {
      write();
      return store.days(span);
    },
    pricedDays: (span) => {
      write();
      return store.pricedDays(span);
    },
    rows: (actor, span) => {
      write();
      return store.rows({ ...span, tenantId: tenantOf(actor) });
    },
    [Symbol.dispose]: () => {
      timer[Symbol.dispose]();
      write();
    },
  };
};
