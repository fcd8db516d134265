import type { TimelinePoint } from '../../shared/contract/bench-tick.ts';
import type { BenchRun, Cell, Repetition, RequestSample } from '../../shared/contract/bench.ts';
import type { AuditEntry } from '../../shared/contract/audit.ts';
import type { Job } from '../../shared/contract/common.ts';
import type { ImportedRun } from '../../shared/contract/imports.ts';
import type { Project, StoredKey, Tenant } from '../../shared/contract/keys.ts';
import type { Budget, BudgetAlert, BudgetId } from '../../shared/contract/budgets.ts';
import type { Limits } from '../../shared/contract/limits.ts';
import type { PricedDay, PriceId, PriceSheet, UsageDay } from '../../shared/contract/prices.ts';
import type { QualityResult } from '../../shared/contract/quality.ts';
import type { LoadRun, LoadSample, LoadStage, LoadTick } from '../../shared/contract/load.ts';
import type { RowEnergy } from '../../shared/contract/usage-energy.ts';
import type { UsageEntry, UsageGroup, UsageRow, UsageSum, WrittenRow } from '../../shared/contract/usage.ts';
import type { AppEvent, EventBody } from '../../shared/events/events.ts';

/**
 * What features keep, as interfaces; `electron/storage` implements them on SQLite. All calls are synchronous and
 * durable when they return (WAL, one writer). Failures: `storage.disk-full`, `storage.corrupt`, `storage.locked`.
 */

/** A benchmark run without its cells and samples, which have calls of their own. */
export type RunHead = Omit<BenchRun, 'cells'>;

export interface RunStore {
  create(run: RunHead, cells: readonly Cell[]): void;
  /** Replaces head fields; cells stay. */
  update(runId: string, patch: Partial<RunHead>): void;
  get(runId: string): BenchRun | undefined;
  /** Newest first. */
  list(): readonly BenchRun[];
  remove(runId: string): void;
  putCell(runId: string, cell: Cell): void;
  addRepetition(runId: string, cellId: string, repetition: Repetition): void;
  repetitions(runId: string, cellId: string): readonly Repetition[];
  /** Forgets the samples of a cell that will be measured again. */
  clearCell(runId: string, cellId: string): void;
  addRequestSamples(runId: string, cellId: string, samples: readonly RequestSample[]): void;
  requestSamples(runId: string, cellId?: string): readonly (RequestSample & { readonly cellId: string })[];
  addTimeline(runId: string, points: readonly TimelinePoint[]): void;
  timeline(runId: string): readonly TimelinePoint[];
}

/** A load run without its stages and samples, which have calls of their own. */
export type LoadHead = Omit<LoadRun, 'stages'>;

export interface LoadStore {
  create(run: LoadHead): void;
  /** Replaces head fields; stages stay. */
  update(loadId: string, patch: Partial<LoadHead>): void;
  get(loadId: string): LoadRun | undefined;
  /** Newest first. */
  list(): readonly LoadRun[];
  remove(loadId: string): void;
  putStage(loadId: string, stage: LoadStage): void;
  /** Forgets a stage with all its samples, because it will be measured again. */
  clearStage(loadId: string, stage: number): void;
  addSamples(loadId: string, stage: number, samples: readonly LoadSample[]): void;
  samples(loadId: string, stage?: number): readonly (LoadSample & { readonly stage: number })[];
  addTick(loadId: string, tick: LoadTick): void;
  ticks(loadId: string): readonly LoadTick[];
}

/** Result files of other tools, converted. */
export interface ImportStore {
  put(run: ImportedRun): void;
  get(runId: string): ImportedRun | undefined;
  /** Newest first. */
  list(): readonly ImportedRun[];
  remove(runId: string): void;
}

/** What is remembered about a model file, by path; valid while size and time of change are the same. */
export interface StoredModel {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly sha256: string | null;
  /** The content that was hashed, see `identifyModel`; left out while there is no hash, and by older versions. */
  readonly fileId?: string | undefined;
  readonly source: string;
  readonly derivedFrom: string | null;
  /** Registered by the user although it lies in no scanned folder. */
  readonly isPinned: boolean;
  /** The user removed it from the library without deleting the file. */
  readonly isHidden: boolean;
  /** What the header gave, in the library's own form; saves reading it at the next start. */
  readonly header?: unknown;
}

export interface ModelStore {
  list(): readonly StoredModel[];
  put(model: StoredModel): void;
  remove(path: string): void;
}

/** Small facts by key, plain JSON: measured thread counts, bad marks, settings. */
export interface FactStore {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  remove(key: string): void;
  /** All facts whose key begins with `prefix`. */
  list(prefix: string): readonly { readonly key: string; readonly value: unknown }[];
}

export interface EventStore {
  /** Stores and numbers the event; `seq` is never used twice. */
  append(body: EventBody, atMs: number): AppEvent;
  /** Stored events with `seq` > `afterSeq`, at most `limit`, in order. */
  after(afterSeq: number, limit: number): readonly AppEvent[];
  lastSeq(): number;
  /** Keeps the newest `keep` events. */
  prune(keep: number): void;
}

export interface JobStore {
  put(job: Job): void;
  get(jobId: string): Job | undefined;
  /** Newest first. */
  list(limit: number): readonly Job[];
}

/** Quality results, and finished pieces of those under way (plain JSON by key and position). */
export interface QualityStore {
  /** In order of position. */
  pieces(key: string): readonly { readonly position: number; readonly value: unknown }[];
  addPiece(key: string, position: number, value: unknown): void;
  removePieces(key: string): void;
  put(result: QualityResult): void;
  get(id: string): QualityResult | undefined;
  /** Newest first. */
  list(): readonly QualityResult[];
  /** Every result of a candidate against a base, newest first. */
  ofPair(baseSha256: string, candidateSha256: string): readonly QualityResult[];
  remove(id: string): void;
}

/** Keys of the server, and what they belong to. */
export interface AccessStore {
  /** Rises with every change that decides about access, whichever process made it; the use of a key is none. */
  revision(): number;
  /** Newest first. */
  keys(): readonly StoredKey[];
  putKey(key: StoredKey): void;
  /** Remembers the latest use of keys, by id. */
  touch(usedAtMs: ReadonlyMap<string, number>): void;
  tenants(): readonly Tenant[];
  putTenant(tenant: Tenant): void;
  projects(): readonly Project[];
  putProject(project: Project): void;
  serverLimits(): Limits;
  putServerLimits(limits: Limits): void;
  /** All or nothing. */
  transaction<Result>(act: () => Result): Result;
}

/** What was used of the server's rates, over a restart: by bucket, milliseconds of debt at a wall-clock time. */
export interface LimitStore {
  load(): readonly { readonly id: string; readonly debtMs: number; readonly atMs: number }[];
  /** Replaces all. */
  save(debts: readonly { readonly id: string; readonly debtMs: number; readonly atMs: number }[]): void;
}

interface UsageSpan {
  readonly fromMs: number;
  readonly toMs: number;
  /** Of one tenant; of all where it is left out. */
  readonly tenantId?: string | undefined;
}

/** What a request whose row was written drew, told afterwards. */
export interface EnergyRecord {
  readonly entry: UsageEntry;
  readonly energy: RowEnergy;
}

/** What a device drew in a time that ended then, as far as it was read. */
export interface HostEnergy {
  /** Wall clock. */
  readonly atMs: number;
  readonly device: string;
  readonly requestJoules: number;
  /** While no request ran. */
  readonly idleJoules: number;
  readonly seconds: number;
}

/** SHA-256 of a served model, by the name of its content (`identifyModel`). */
export interface ServedFile {
  readonly fileId: string;
  readonly sha256: string;
}

/** The ledger: rows are added once, never changed or removed; the database itself refuses. */
export interface UsageStore {
  /** All or none; a row whose request id is there already counts once. */
  add(rows: readonly WrittenRow[]): void;
  /** Tells the SHA-256 of rows that name this content, before they are written or long after. The first one counts. */
  addFile(file: ServedFile): void;
  fileSha256(fileId: string): string | undefined;
  /** All or none; of rows that are there. The first energy of a request counts. */
  addEnergy(records: readonly EnergyRecord[], host: readonly HostEnergy[]): void;
  /** Oldest first. */
  rows(span: UsageSpan & { readonly limit: number }): readonly UsageRow[];
  /** From the sums by the hour. */
  sum(span: UsageSpan & { readonly by: UsageGroup }): readonly UsageSum[];
  /** By day and model, of a tenant or of one of its keys; from the sums by the hour. */
  days(span: UsageSpan & { readonly keyId?: string | undefined }): readonly UsageDay[];
  /** What each device drew, of the whole machine. */
  hostEnergy(span: Pick<UsageSpan, 'fromMs' | 'toMs'>): readonly Omit<HostEnergy, 'atMs'>[];
  /** What is missing in the energy of the newest request that lacks some; `undefined` where the newest thousand lack none. */
  energyMissing(span: Pick<UsageSpan, 'fromMs' | 'toMs'>): string | undefined;
  /** Of the same days what was priced in a currency, by sheet. */
  pricedDays(
    span: UsageSpan & { readonly keyId?: string | undefined; readonly currency: string },
  ): readonly PricedDay[];
}

/** What tokens cost; a sheet is known by its model, currency and first day. */
export interface PriceStore {
  list(): readonly PriceSheet[];
  put(sheet: PriceSheet): void;
  remove(id: PriceId): void;
}

/** Budgets, and which of their shares were told. A change of one rises the `revision` of `AccessStore`. */
export interface BudgetStore {
  list(): readonly Budget[];
  /** With another limit than before, what was told of it is forgotten. */
  put(budget: Budget): void;
  remove(id: BudgetId): void;
  /** Told in a window, the smallest share first. */
  alerts(id: BudgetId, windowStartMs: number): readonly BudgetAlert[];
  /** False where the share was told in that window already, by whichever process. */
  addAlert(id: BudgetId, windowStartMs: number, alert: BudgetAlert): boolean;
}

/** The audit log: lines are added, never changed or removed; the database itself refuses. */
export interface AuditStore {
  append(entry: Omit<AuditEntry, 'seq' | 'hash'>): AuditEntry;
  /** Newest first; of one tenant, or of all. */
  list(limit: number, tenantId?: string): readonly AuditEntry[];
  /** Reads the chain from its beginning. */
  verify(): { readonly entries: number; readonly brokenAtSeq: number | null };
}
