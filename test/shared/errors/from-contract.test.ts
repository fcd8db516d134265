import { expect, test } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { fromContractError } from '../../../shared/errors/from-contract.ts';

test('an AppError of this side keeps its hint and details', () => {
  const error = new AppError('models.exists', 'There.', {
    hint: 'Choose another name.',
    details: { path: '/m' },
  });
  expect(fromContractError(error)).toBe(error);
});

test('an error of the contract gives back the code, hint and details the host threw', () => {
  const crossed = Object.assign(new Error('There.'), {
    code: 'models.exists',
    data: { hint: 'Choose another name.', details: { path: '/m' } },
  });
  expect(fromContractError(crossed).toPayload()).toEqual({
    code: 'models.exists',
    message: 'There.',
    hint: 'Choose another name.',
    details: { path: '/m' },
  });
});
