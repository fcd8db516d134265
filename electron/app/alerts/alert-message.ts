import { budgetKey, type Budget } from '../../../shared/contract/budgets.ts';
import type { EventBody } from '../../../shared/events/events.ts';
import { budgetAmountText, budgetOwnerText } from '../../../shared/units/budget-text.ts';

/** What is posted. `text` and `content` are what chat services show; the rest is for programs. */
export interface AlertMessage {
  readonly text: string;
  readonly content: string;
  readonly type: string;
  readonly atMs: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

const messageOf = (
  type: string,
  text: string,
  atMs: number,
  facts: AlertMessage['facts'] = {},
): AlertMessage => ({ text, content: text, type, atMs, facts });

const budgetText = (budget: Budget, percent: number, windowEndMs: number): string => {
  const until = new Date(windowEndMs).toISOString().slice(0, 16).replace('T', ' ');
  const past = budget.isEnforced && percent === 100 ? ' Requests are refused until then.' : '';
  return `Dyno: ${budgetOwnerText(budget.owner)} has used ${percent} % of ${budgetAmountText(budget, budget.limit)} for this ${budget.window}, which ends ${until} UTC.${past}`;
};

/** The message of an event that somebody should hear of; `undefined` for all others. */
export const alertOf = (body: EventBody, atMs: number): AlertMessage | undefined => {
  if (body.type !== 'budget.reached') return undefined;
  const { budget, percent, windowEndMs } = body;
  return messageOf(body.type, budgetText(budget, percent, windowEndMs), atMs, {
    id: budgetKey(budget),
    ...body,
  });
};

export const testAlert = (atMs: number): AlertMessage =>
  messageOf('alert.test', 'Dyno: alerts come here.', atMs);
