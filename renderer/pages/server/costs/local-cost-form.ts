import { localCostSchema, type LocalCost } from '../../../../shared/contract/local-cost.ts';
import { MOST_PRICE_MICRO } from '../../../../shared/contract/prices.ts';
import { plainMicro, readMicro } from '../../../../shared/units/micro.ts';
import { readForm, type FormRead } from '../../../transport/field-problems.ts';

/** What the machine costs as the form holds it: as it was typed. */
export interface LocalCostForm {
  readonly currency: string;
  readonly perKwh: string;
  readonly hardware: string;
  readonly years: string;
  readonly usedPercent: string;
  /** Empty: none is assumed. */
  readonly watts: string;
}

export const localCostFormOf = (local: LocalCost | null): LocalCostForm =>
  local === null
    ? { currency: 'EUR', perKwh: '', hardware: '', years: '4', usedPercent: '33', watts: '' }
    : {
        currency: local.currency,
        perKwh: plainMicro(local.perKwhMicro),
        hardware: plainMicro(local.hardwareMicro),
        years: String(local.amortisationYears),
        usedPercent: String(Number((100 * local.usedShare).toPrecision(6))),
        watts: local.assumedWatts === null ? '' : String(local.assumedWatts),
      };

const number = (text: string, least: number, most: number): number | undefined => {
  const value = Number(text.trim().replaceAll(',', ''));
  return text.trim() !== '' && value >= least && value <= most ? value : undefined;
};

const words = {
  perKwhMicro: 'A price up to 1000 with at most six decimals, as 0.32',
  hardwareMicro: 'An amount with at most six decimals, as 2400; 0 where it is paid for',
  amortisationYears: 'Years from 0.1 to 50',
  usedShare: 'Percent from 0.1 to 100',
  assumedWatts: 'Watts up to 100,000, or nothing',
} as const;

/** The form as the host takes it, or what is wrong with each field. */
export const readLocalCostForm = (form: LocalCostForm): FormRead<LocalCost> => {
  const perKwhMicro = readMicro(form.perKwh);
  const usedPercent = number(form.usedPercent, 0.1, 100);
  const read = {
    perKwhMicro: perKwhMicro !== undefined && perKwhMicro <= MOST_PRICE_MICRO ? perKwhMicro : undefined,
    hardwareMicro: readMicro(form.hardware),
    amortisationYears: number(form.years, 0.1, 50),
    usedShare: usedPercent === undefined ? undefined : usedPercent / 100,
    assumedWatts: form.watts.trim() === '' ? null : number(form.watts, 0, 100_000),
  };
  const bad = Object.entries(words).filter(([name]) => new Map(Object.entries(read)).get(name) === undefined);
  return readForm(
    localCostSchema,
    { ...read, currency: form.currency.trim().toUpperCase() },
    Object.fromEntries(bad),
  );
};
