import { expect, it } from 'vitest';
import { readServerError } from '../../../electron/app/server-error.ts';
import { errorRow, type ErrorCode } from '../../../shared/errors/table.ts';

const answered = (code: ErrorCode, status?: number) =>
  readServerError({ message: 'Said so.', ...errorRow(code).openai }, status).code;

it('finds the row that the server answered with', () => {
  const codes = ['gateway.queue-full', 'engine.context-exceeded', 'gateway.invalid-value'] as const;

  expect(codes.map((code) => answered(code, errorRow(code).http))).toEqual(codes);
  expect(answered('engine.crashed')).toBe('engine.crashed');
});

it('keeps the message of an error that no row has', () => {
  const error = readServerError({ message: 'Teapot.', type: 'x', code: 'y' }, 418);

  expect([error.code, error.message]).toEqual(['app.internal', 'Teapot.']);
});
