import type {
  PricedDay,
  PriceSheet,
  Statement,
  StatementInput,
  StatementLine,
  TokenKind,
  UsageDay,
} from '../contract/prices.ts';
import { partsOf, type PricedPart } from './priced-parts.ts';
import { microOf } from './token-cost.ts';

type StatementHead = StatementInput & Pick<Statement, 'tenantName' | 'keyName' | 'madeAtMs'>;

const kindsOf = ({ tokens, sheet }: PricedPart): readonly (readonly [TokenKind, number, number | null])[] => [
  ['prompt', tokens.prompt, sheet?.promptMicro ?? null],
  ['cached', tokens.cached, sheet?.cachedMicro ?? null],
  ['output', tokens.output, sheet?.outputMicro ?? null],
];

/** A line for each model, kind, sheet and basis; a sheet whose prices were changed meanwhile has a line for each. */
const linesOf = (parts: readonly PricedPart[]): readonly StatementLine[] => {
  const lines = new Map<string, StatementLine>();
  for (const part of parts) {
    const { model, sheet, basis } = part;
    for (const [kind, tokens, microPerMillion] of kindsOf(part)) {
      if (tokens === 0) continue;
      const id = JSON.stringify([model, kind, sheet?.model, sheet?.fromDay, microPerMillion, basis]);
      const all = (lines.get(id)?.tokens ?? 0) + tokens;
      lines.set(id, {
        model,
        kind,
        tokens: all,
        microPerMillion,
        sheet: sheet === undefined ? null : { model: sheet.model, fromDay: sheet.fromDay },
        amountMicro: microPerMillion === null ? null : microOf(BigInt(all) * BigInt(microPerMillion)),
        basis,
      });
    }
  }
  return [...lines.values()];
};

/**
 * A month's lines, each rounded once, and their sum. Tokens add up with the ledger: prompt and cached lines to its
 * prompt tokens, output lines to its output tokens.
 * @param used of the month and tenant (and key) of `head`; what was priced, in its currency
 */
export const makeStatement = (
  head: StatementHead,
  used: { readonly days: readonly UsageDay[]; readonly priced: readonly PricedDay[] },
  allSheets: readonly PriceSheet[],
): Statement => {
  const { days, priced } = used;
  const sheets = allSheets.filter(({ currency }) => currency === head.currency);
  const lines = linesOf(partsOf(days, priced, sheets));
  const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
    items.reduce((total, item) => total + of(item), 0);
  return {
    ...head,
    keyId: head.keyId ?? null,
    requests: sum(days, ({ requests }) => requests),
    errors: sum(days, ({ errors }) => errors),
    tiers: {
      none: sum(days, ({ tiers }) => tiers.none),
      prefix: sum(days, ({ tiers }) => tiers.prefix),
      exact: sum(days, ({ tiers }) => tiers.exact),
    },
    energy: {
      joules: sum(days, ({ energy }) => energy.joules),
      requests: sum(days, ({ energy }) => energy.requests),
    },
    lines: [...lines],
    totalMicro: sum(lines, ({ amountMicro }) => amountMicro ?? 0),
    unpricedTokens: sum(lines, ({ tokens, amountMicro }) => (amountMicro === null ? tokens : 0)),
  };
};
