import { usageRowSchema, type UsageRow } from '../contract/usage.ts';

/** RFC 4180; a text that a spreadsheet would take for a formula is led by an apostrophe. */
export const csvCell = (value: string | number | null): string => {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** What a row cost in a currency, and by which sheet; both empty where it was not priced. */
const costCells = ({ costs }: UsageRow, currency: string): readonly (string | null)[] => {
  const cost = costs?.find((each) => each.currency === currency);
  return cost === undefined ? [null, null] : [cost.amount, `${cost.sheet.model} from ${cost.sheet.fromDay}`];
};

/** Energy of a row; `reason` is empty where nothing is missing. */
const energyHeads = ['energyJoules', 'energyDevices', 'energyReason'];
const energyCells = ({ energy }: UsageRow): readonly (string | number | null)[] =>
  energy === null ? [null, null, null] : [energy.joules, energy.devices.join(' + '), energy.reason];

const scalarFields = usageRowSchema.omit({ costs: true, energy: true }).keyof().options;

/** One line per row, the contract's fields in their order, energy, then two columns per currency they cost in; heads first. */
export const usageCsv = (rows: readonly UsageRow[]): string => {
  const currencies = [
    ...new Set(rows.flatMap(({ costs }) => costs ?? []).map(({ currency }) => currency)),
  ].sort();
  return [
    [
      ...scalarFields,
      ...energyHeads,
      ...currencies.flatMap((currency) => [`cost${currency}`, `sheet${currency}`]),
    ].join(','),
    ...rows.map((row) =>
      [
        ...scalarFields.map((field) => row[field]),
        ...energyCells(row),
        ...currencies.flatMap((currency) => costCells(row, currency)),
      ]
        .map(csvCell)
        .join(','),
    ),
  ].join('\r\n');
};
