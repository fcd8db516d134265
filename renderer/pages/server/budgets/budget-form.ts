import {
  budgetSchema,
  type Budget,
  type BudgetOwner,
  type BudgetWindow,
} from '../../../../shared/contract/budgets.ts';
import { plainMicro, readMicro } from '../../../../shared/units/micro.ts';
import { readForm, type FormRead } from '../../../transport/field-problems.ts';

/** A budget as the form holds it: figures as they were typed. */
export interface BudgetForm {
  readonly ownerType: BudgetOwner['type'];
  /** Of the tenant or of the key; empty: not chosen yet. */
  readonly ownerId: string;
  readonly window: BudgetWindow;
  /** Empty: in tokens. */
  readonly currency: string;
  readonly limit: string;
  /** `80, 100` */
  readonly alerts: string;
  readonly isEnforced: boolean;
}

/** @param tenantId the one to begin with */
export const emptyBudgetForm = (tenantId: string): BudgetForm => ({
  ownerType: 'tenant',
  ownerId: tenantId,
  window: 'month',
  currency: '',
  limit: '',
  alerts: '80, 100',
  isEnforced: true,
});

export const budgetFormOf = ({
  owner,
  window,
  currency,
  limit,
  alertPercents,
  isEnforced,
}: Budget): BudgetForm => ({
  ownerType: owner.type,
  ownerId: owner.type === 'key' ? owner.keyId : owner.tenantId,
  window,
  currency: currency ?? '',
  limit: currency === null ? String(limit) : plainMicro(limit),
  alerts: alertPercents.join(', '),
  isEnforced,
});

/** Tokens, or millionths; `undefined` for what is neither. */
const readLimit = ({ currency, limit }: BudgetForm): number | undefined => {
  if (currency !== '') return readMicro(limit);
  const plain = limit.trim().replaceAll(',', '');
  return /^\d{1,15}$/u.test(plain) ? Number(plain) : undefined;
};

/** Whole percents, parted by commas; `undefined` where one is none. */
const readPercents = (text: string): readonly number[] | undefined => {
  if (text.trim() === '') return [];
  const percents = text.split(',').map((each) => (each.trim() === '' ? NaN : Number(each)));
  return percents.every((each) => Number.isInteger(each) && each >= 1 && each <= 100) ? percents : undefined;
};

/** The form as the host takes it, or what is wrong with each field. */
export const readBudgetForm = (form: BudgetForm): FormRead<Budget> => {
  const limit = readLimit(form);
  const alertPercents = readPercents(form.alerts);
  return readForm(
    budgetSchema,
    {
      owner:
        form.ownerType === 'key'
          ? { type: 'key', keyId: form.ownerId }
          : { type: 'tenant', tenantId: form.ownerId },
      window: form.window,
      currency: form.currency === '' ? null : form.currency,
      limit,
      alertPercents,
      isEnforced: form.isEnforced,
    },
    {
      ...(form.ownerId === '' && { owner: 'Choose whose it is' }),
      ...((limit === undefined || limit === 0) && {
        limit:
          form.currency === ''
            ? 'A whole number of tokens, as 2,000,000'
            : 'An amount above 0 with at most six decimals, as 20 or 2.50',
      }),
      ...(alertPercents === undefined && { alertPercents: 'Whole percents from 1 to 100, as 50, 80' }),
    },
  );
};
