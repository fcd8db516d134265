import type {
  AccessStore,
  AuditStore,
  BudgetStore,
  EventStore,
  FactStore,
  ImportStore,
  JobStore,
  LimitStore,
  LoadStore,
  ModelStore,
  PriceStore,
  QualityStore,
  RunStore,
  UsageStore,
} from '../platform/stores.ts';
import { createAccessStore } from './access-store.ts';
import { createAuditStore } from './audit-store.ts';
import { createBudgetStore } from './budget-store.ts';
import { openDatabase } from './database.ts';
import { createEventStore } from './event-store.ts';
import { createFactStore } from './fact-store.ts';
import { createImportStore } from './import-store.ts';
import { createJobStore } from './job-store.ts';
import { createLimitStore } from './limit-store.ts';
import { createLoadStore } from './load-store.ts';
import { createModelStore } from './model-store.ts';
import { createPriceStore } from './price-store.ts';
import { createQualityStore } from './quality-store.ts';
import { createRunStore } from './run-store.ts';
import { createUsageStore } from './usage-store.ts';

export interface Storage extends Disposable {
  readonly runs: RunStore;
  readonly loads: LoadStore;
  readonly imports: ImportStore;
  readonly models: ModelStore;
  readonly facts: FactStore;
  readonly events: EventStore;
  readonly jobs: JobStore;
  readonly quality: QualityStore;
  readonly access: AccessStore;
  readonly audit: AuditStore;
  readonly limits: LimitStore;
  readonly usage: UsageStore;
  readonly prices: PriceStore;
  readonly budgets: BudgetStore;
  /** Runs `act` as one transaction of all stores: no other process writes meanwhile. All or nothing. */
  atOnce<Result>(act: () => Result): Result;
}

/**
 * Opens the database at `path` with a store per aggregate; closes it on dispose.
 * @throws AppError `storage.locked`, `storage.corrupt`, `storage.disk-full`
 */
export const openStorage = (path: string): Storage => {
  const database = openDatabase(path);
  return {
    runs: createRunStore(database),
    loads: createLoadStore(database),
    imports: createImportStore(database),
    models: createModelStore(database),
    facts: createFactStore(database),
    events: createEventStore(database),
    jobs: createJobStore(database),
    quality: createQualityStore(database),
    access: createAccessStore(database),
    audit: createAuditStore(database),
    limits: createLimitStore(database),
    usage: createUsageStore(database),
    prices: createPriceStore(database),
    budgets: createBudgetStore(database),
    atOnce: (act) => database.transaction(act),
    [Symbol.dispose]: () => database[Symbol.dispose](),
  };
};
