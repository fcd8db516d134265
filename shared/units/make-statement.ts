import type {
  PriceSheet,
  Statement,
  StatementInput,
  StatementLine,
  TokenKind,
  UsageDay,
} from '../contract/prices.ts';
import { microOf, priceOf } from './token-cost.ts';

const kindsOf = (
  day: UsageDay,
  sheet: PriceSheet | undefined,
): readonly (readonly [TokenKind, number, number | null])[] => [
  ['prompt', day.promptTokens - day.cachedTokens, sheet?.promptMicro ?? null],
  ['cached', day.cachedTokens, sheet?.cachedMicro ?? null],
  ['output', day.outputTokens, sheet?.outputMicro ?? null],
];

/**
 * A month's lines, each rounded once, and their sum. Tokens add up with the ledger: prompt and cached lines to its
 * prompt tokens, output lines to its output tokens.
 * @param days of the month and tenant (and key) of `input`
 */
export const makeStatement = (
  input: StatementInput,
  days: readonly UsageDay[],
  allSheets: readonly PriceSheet[],
): Statement => {
  const sheets = allSheets.filter(({ currency }) => currency === input.currency);
  const lines = new Map<string, StatementLine>();
  for (const day of days) {
    const sheet = priceOf(sheets, day.model, day.day);
    for (const [kind, tokens, microPerMillion] of kindsOf(day, sheet)) {
      if (tokens === 0) continue;
      const id = JSON.stringify([day.model, kind, sheet?.model, sheet?.fromDay]);
      const all = (lines.get(id)?.tokens ?? 0) + tokens;
      lines.set(id, {
        model: day.model,
        kind,
        tokens: all,
        microPerMillion,
        sheet: sheet === undefined ? null : { model: sheet.model, fromDay: sheet.fromDay },
        amountMicro: microPerMillion === null ? null : microOf(BigInt(all) * BigInt(microPerMillion)),
      });
    }
  }
  const list = [...lines.values()];
  const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
    items.reduce((total, item) => total + of(item), 0);
  return {
    ...input,
    keyId: input.keyId ?? null,
    requests: sum(days, ({ requests }) => requests),
    errors: sum(days, ({ errors }) => errors),
    tiers: {
      none: sum(days, ({ tiers }) => tiers.none),
      prefix: sum(days, ({ tiers }) => tiers.prefix),
      exact: sum(days, ({ tiers }) => tiers.exact),
    },
    lines: list,
    totalMicro: sum(list, ({ amountMicro }) => amountMicro ?? 0),
    unpricedTokens: sum(list, ({ tokens, amountMicro }) => (amountMicro === null ? tokens : 0)),
  };
};
