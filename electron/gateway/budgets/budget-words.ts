import type { Budget } from '../../../shared/contract/budgets.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { formatMicro } from '../../../shared/units/micro.ts';
import { microOf } from '../../../shared/units/token-cost.ts';
import type { BudgetBlock, BudgetRefused, BudgetState } from './budget-book.ts';

/** An amount in a budget's units, as text without its unit. */
const amountText = ({ currency }: Budget, amount: bigint): string =>
  currency === null ? String(amount) : formatMicro(microOf(amount));
const unitText = ({ currency }: Budget): string => currency ?? 'tokens';
const amountOf = (budget: Budget, amount: bigint): string =>
  `${amountText(budget, amount)} ${unitText(budget)}`;

/** What is not used is rarely nothing: a request is refused as soon as its prompt and one token do not fit in it. */
const spentWords = ({ budget, limit, used }: BudgetState): string =>
  used >= limit
    ? 'nothing is left until the window ends'
    : `the ${amountOf(budget, limit - used)} left until the window ends are less than this request needs`;

const reasons: Readonly<Record<BudgetBlock, (state: BudgetState) => string>> = {
  spent: spentWords,
  held: () => 'less than this request needs is left while the answers run that hold them',
  'too-large': () => 'this request would pass it by itself',
};

/** What a client is told of a budget that refused it. Never an authentication error. */
export const budgetRefusal = ({ by, reason, waitMs }: BudgetRefused): AppError => {
  const { budget, limit, used, held } = by;
  const amount = (units: bigint): string => amountOf(budget, units);
  const what = `The budget of the ${budget.owner.type} is ${amount(limit)} in a calendar ${budget.window} (UTC)`;
  const told = (units: bigint): string | number =>
    budget.currency === null ? Number(units) : amountText(budget, units);
  const facts = {
    scope: budget.owner.type,
    window: budget.window,
    resource: unitText(budget),
    limit: told(limit),
    used: told(used),
  };
  if (reason === 'too-large') {
    return new AppError('gateway.payload-too-large', `${what}; ${reasons[reason](by)}.`, {
      hint: 'Send a shorter prompt, or ask for a larger budget.',
      details: facts,
    });
  }
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new AppError(
    'gateway.insufficient-quota',
    `${what}; ${amount(used)} are used${held > 0n ? `, ${amount(held)} held` : ''}: ${reasons[reason](by)}.`,
    {
      hint: `Try again in ${retryAfterSeconds} s, or ask for a larger budget.`,
      details: {
        ...facts,
        retryAfterSeconds,
        resetsInSeconds: retryAfterSeconds,
        // a client library that tries again at once would only be refused again
        shouldRetry: reason === 'held',
      },
    },
  );
};

const leftOf = ({ limit, used, held }: BudgetState): bigint => {
  const left = limit - used - held;
  return left > 0n ? left : 0n;
};

/** What is left of the tightest budget, as one header. */
export const budgetHeader = (states: readonly BudgetState[], nowMs: number): string | undefined => {
  const [first, ...others] = states;
  if (first === undefined) return undefined;
  const tightest = others.reduce(
    (best, each) => (leftOf(each) * best.limit < leftOf(best) * each.limit ? each : best),
    first,
  );
  const { budget, limit, endMs } = tightest;
  return [
    budget.owner.type,
    `window=${budget.window}`,
    `unit=${unitText(budget)}`,
    `limit=${amountText(budget, limit)}`,
    `remaining=${amountText(budget, leftOf(tightest))}`,
    `reset=${Math.max(0, Math.ceil((endMs - nowMs) / 1000))}`,
  ].join(';');
};
