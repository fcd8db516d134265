import { noLimits } from '../../../shared/contract/limits.ts';
import type { Clock, Logger } from '../../platform/ports.ts';
import { openBudgetBook, type BudgetBook, type BudgetSource } from '../budgets/budget-book.ts';
import type { LimitSource } from './limit-rules.ts';
import { createLimiter, type Limiter, type StoredDebt } from './limiter.ts';
import { createOutputHistory, type OutputHistory } from './output-history.ts';
import { createWaitingRoom, type WaitingRoom } from './waiting-room.ts';

const SAVE_EVERY_MS = 1000;

/** What the limits know of the world: whose are which, and what was used before the last restart. */
export interface LimitPorts extends LimitSource {
  loadDebts(): readonly StoredDebt[];
  /** Replaces all. */
  saveDebts(debts: readonly StoredDebt[]): void;
  /** None unless given. */
  readonly budgets?: BudgetSource;
}

/** The limits of one server. Disposing it saves what was used. */
export interface LimitDesk extends Disposable {
  readonly limiter: Limiter;
  /** For those who came back as told. */
  readonly room: WaitingRoom;
  readonly history: OutputHistory;
  readonly source: LimitSource;
  readonly budgetsOf: BudgetSource['budgetsOf'];
  readonly budgets: BudgetBook;
  /** Wall clock. */
  readonly nowMs: Clock['nowMs'];
}

/** For a server that only its maker calls: no limits beyond those of its key, and nothing kept. */
const unlimited: LimitPorts = {
  tenantLimits: () => noLimits,
  serverLimits: () => noLimits,
  loadDebts: () => [],
  saveDebts: () => undefined,
};

const noBudgets: BudgetSource = {
  budgetsOf: () => [],
  priceOf: () => undefined,
  usedSince: () => 0n,
  reached: () => undefined,
};

/** How long past its deadline a request may still be ending. */
const ENDING_MS = 10_000;

export const openLimitDesk = (
  given: LimitPorts | undefined,
  { clock, log, deadlineMs }: { readonly clock: Clock; readonly log: Logger; readonly deadlineMs: number },
): LimitDesk => {
  const ports = given ?? unlimited;
  const room = createWaitingRoom(clock);
  const limiter = createLimiter({
    clock,
    leaseMs: deadlineMs + ENDING_MS,
    debts: ports.loadDebts(),
    line: room.line,
    onRoom: room.look,
  });
  let saved = 0;
  const save = (): void => {
    const debts = limiter.debts();
    if (debts.length === 0 && saved === 0) return;
    try {
      ports.saveDebts(debts);
      saved = debts.length;
    } catch (error) {
      // Requests are answered from memory; the next turn tries again.
      log.error('What was used of the limits could not be kept.', { error });
    }
  };
  const timer = clock.every(SAVE_EVERY_MS, save);
  const { budgets: source = noBudgets } = ports;
  const budgets = openBudgetBook(source, {
    clock,
    onError: (error) => log.error('A budget could not be read or told.', { error }),
  });
  return {
    limiter,
    room,
    history: createOutputHistory(),
    source: ports,
    budgetsOf: source.budgetsOf,
    budgets,
    nowMs: clock.nowMs,
    [Symbol.dispose]: () => {
      budgets[Symbol.dispose]();
      timer[Symbol.dispose]();
      room[Symbol.dispose]();
      save();
    },
  };
};
