import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AppError, fromPayload, readErrorPayload, toAppError } from '../../../shared/errors/app-error.ts';
import { errorTable } from '../../../shared/errors/table.ts';

const row = ([code, { title, http, exit, retryable, openai }]: [
  string,
  (typeof errorTable)[keyof typeof errorTable],
]): string =>
  `| \`${code}\` | ${title} | ${http} | ${exit} | ${retryable ? 'yes' : 'no'} | \`${openai.type}\` / \`${openai.code}\` |`;

describe('the error table', () => {
  it('is what docs/errors.md says, row by row', () => {
    const page = readFileSync('docs/errors.md', 'utf8');
    const documented = page.split('\n').filter((line) => line.startsWith('| `'));

    expect(documented).toEqual(Object.entries(errorTable).map(row));
  });
});

describe('an error', () => {
  it('crosses a border and comes back the same', () => {
    const error = new AppError('engine.out-of-memory', 'Needs 9.1 GiB', {
      hint: 'Choose Q4_K_M.',
      details: { nearest: 4096 },
    });
    const back = readErrorPayload(JSON.parse(JSON.stringify(error.toPayload())));

    expect(back && fromPayload(back).toPayload()).toEqual(error.toPayload());
  });

  it('is a cancellation when it came from an abort, and a defect when nobody knows it', () => {
    expect(toAppError(new DOMException('x', 'AbortError')).code).toBe('app.cancelled');
    expect(toAppError(new TypeError('x')).code).toBe('app.internal');
    expect(readErrorPayload({ code: 'not.a-code', message: 'x' })).toBeUndefined();
  });
});
