import { MOST_PRICE_MICRO, priceSheetSchema, type PriceSheet } from '../../../../shared/contract/prices.ts';
import { plainMicro, readMicro } from '../../../../shared/units/micro.ts';
import { readForm, type FormRead } from '../../../transport/field-problems.ts';

/** A price sheet as the form holds it: amounts as they were typed. */
export interface PriceForm {
  readonly model: string;
  readonly currency: string;
  readonly fromDay: string;
  readonly prompt: string;
  /** Empty: as the prompt's. */
  readonly cached: string;
  readonly output: string;
}

/** @param today ISO day, UTC @param currency the one that was used last */
export const emptyPriceForm = (today: string, currency: string): PriceForm => ({
  model: '',
  currency,
  fromDay: today,
  prompt: '',
  cached: '',
  output: '',
});

export const priceFormOf = (sheet: PriceSheet): PriceForm => ({
  model: sheet.model,
  currency: sheet.currency,
  fromDay: sheet.fromDay,
  prompt: plainMicro(sheet.promptMicro),
  cached: plainMicro(sheet.cachedMicro),
  output: plainMicro(sheet.outputMicro),
});

const BAD_PRICE = 'A price up to 1000 with at most six decimals, as 0.25';

/** Millionths of the currency; `undefined` for what is no price. */
const readPrice = (text: string): number | undefined => {
  const micro = readMicro(text);
  return micro !== undefined && micro <= MOST_PRICE_MICRO ? micro : undefined;
};

/** The form as the host takes it, or what is wrong with each field. */
export const readPriceForm = (form: PriceForm): FormRead<PriceSheet> => {
  const cached = form.cached.trim() === '' ? form.prompt : form.cached;
  const prices = { promptMicro: form.prompt, cachedMicro: cached, outputMicro: form.output };
  const bad = Object.entries(prices).filter(([, text]) => readPrice(text) === undefined);
  return readForm(
    priceSheetSchema,
    {
      model: form.model.trim(),
      currency: form.currency.trim().toUpperCase(),
      fromDay: form.fromDay,
      // one that cannot be read is told of below
      promptMicro: readPrice(form.prompt) ?? 0,
      cachedMicro: readPrice(cached) ?? 0,
      outputMicro: readPrice(form.output) ?? 0,
    },
    {
      ...(form.model.trim() === '' && { model: 'Name a model, or * for all' }),
      ...(form.fromDay === '' && { fromDay: 'Say from which day on' }),
      // an empty price of the cached is the prompt's, and wrong with it
      ...Object.fromEntries(
        bad
          .filter(([name]) => name !== 'cachedMicro' || form.cached.trim() !== '')
          .map(([name]) => [name, BAD_PRICE]),
      ),
    },
  );
};
