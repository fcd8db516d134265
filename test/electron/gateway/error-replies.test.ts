import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dialectAt, dialects } from '../../../electron/gateway/dialects.ts';
import { errorHead } from '../../../electron/gateway/error-head.ts';
import { errorReplySchema } from '../../../electron/gateway/openai/reply-schemas.ts';
import { publicRoutes } from '../../../electron/gateway/public-routes.ts';
import { isTold } from '../../../electron/gateway/told-error.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { errorRow, errorTable, isErrorCode, type ErrorCode } from '../../../shared/errors/table.ts';

const codes = Object.keys(errorTable).filter(isErrorCode);
const told = codes.filter((code) => isTold(code));

/** All that a client can meet, with its status: a program may switch over it. */
const closedList = {
  invalid_value: 400,
  invalid_json: 400,
  unsupported_parameter: 400,
  context_length_exceeded: 400,
  previous_response_not_found: 400,
  invalid_grammar: 400,
  invalid_api_key: 401,
  key_expired: 401,
  insufficient_permissions: 403,
  model_not_allowed: 403,
  tenant_suspended: 403,
  host_not_allowed: 403,
  origin_not_allowed: 403,
  not_found: 404,
  model_not_found: 404,
  stream_not_found: 404,
  method_not_allowed: 405,
  payload_too_large: 413,
  unsupported_media_type: 415,
  invalid_template: 422,
  model_invalid: 422,
  model_unsupported: 422,
  model_load_failed: 422,
  model_marked_bad: 422,
  state_invalid: 422,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  cancelled: 499,
  internal: 500,
  engine_version: 500,
  queue_full: 503,
  model_loading: 503,
  replica_crashed: 503,
  server_stopping: 503,
  deadline_exceeded: 504,
  out_of_memory: 507,
} as const;
const isListed = (code: string): code is keyof typeof closedList => Object.hasOwn(closedList, code);

describe('the codes a client can meet', () => {
  it.each(told.map((code) => [code, errorRow(code)] as const))('%s is on the list', (_, row) => {
    const { code } = row.openai;
    expect(isListed(code) && closedList[code]).toBe(row.http);
  });

  it.each(told)('%s has a row in docs/errors.md', (code) => {
    const row = errorRow(code);
    const cells = [`| \`${code}\` |`, ` ${row.http} |`, `\`${row.openai.code}\` |`];
    const lines = readFileSync('docs/errors.md', 'utf8').split('\n');
    const line = lines.find((each) => each.startsWith(cells[0] ?? '')) ?? '';
    for (const cell of cells) expect(line).toContain(cell);
  });

  it('hide every other failure as a defect of ours, with nothing of its cause', () => {
    const secret = new AppError('storage.corrupt', 'The database /home/me/secret.db is broken.');
    for (const dialect of Object.values(dialects)) {
      const body = JSON.stringify(dialect.errorBody(secret, 'req_1'));
      expect(body).not.toContain('secret');
      expect(body).toContain('internal');
    }
  });
});

const sample = (code: ErrorCode): AppError =>
  new AppError(code, 'What happened.', { hint: 'Do this.', details: { param: 'model', contextSize: 1024 } });

describe.each(told)('%s', (code) => {
  const error = sample(code);
  const { http, openai } = errorRow(code);

  it("is told in OpenAI's form", () => {
    expect(errorReplySchema.parse(dialects.openai.errorBody(error, 'req_1'))).toEqual({
      error: {
        message: 'What happened. Do this.',
        type: openai.type,
        param: 'model',
        code: openai.code,
        context_size: 1024,
      },
    });
  });

  it("is told in Anthropic's form and in Ollama's", () => {
    expect(dialects.anthropic.errorBody(error, 'req_1')).toMatchObject({
      type: 'error',
      error: { type: expect.stringMatching(/_error$|^request_too_large$/u) as string, code: openai.code },
      request_id: 'req_1',
    });
    expect(dialects.ollama.errorBody(error, 'req_1')).toMatchObject({
      error: 'What happened. Do this.',
      code: openai.code,
    });
  });

  it('has its status, and says when to come back if that helps', () => {
    const { status, headers } = errorHead(error);
    expect([status, headers['retry-after'] !== undefined]).toEqual([http, http === 429 || http === 503]);
  });
});

it('tells the facts a program may act on, in every dialect, and no others', () => {
  const facts = {
    promptTokens: 2000,
    maxTokens: 64,
    contextSize: 1024,
    progress: 0.5,
    scope: 'key',
    resource: 'tokens',
    limit: 10,
    used: 9,
    resetsInSeconds: 3,
    path: '/home/me/model.gguf',
  };
  const error = new AppError('engine.context-exceeded', 'Too long.', { details: facts });
  const told = {
    prompt_tokens: 2000,
    max_tokens: 64,
    context_size: 1024,
    progress: 0.5,
    scope: 'key',
    resource: 'tokens',
    limit: 10,
    used: 9,
    resets_in_s: 3,
  };
  expect(errorReplySchema.parse(dialects.openai.errorBody(error, 'r')).error).toMatchObject(told);
  expect(dialects.anthropic.errorBody(error, 'r')).toMatchObject({ error: told });
  expect(dialects.ollama.errorBody(error, 'r')).toMatchObject(told);
  for (const dialect of Object.values(dialects))
    expect(JSON.stringify(dialect.errorBody(error, 'r'))).not.toContain('gguf');
});

it('is told in the dialect of the address, even where there is no route', () => {
  expect(dialectAt('/v1/messages')).toBe(dialects.anthropic);
  expect(dialectAt('/api/nothing')).toBe(dialects.ollama);
  expect(dialectAt('/v1/nothing')).toBe(dialects.openai);
});

it('has every address in the docs', () => {
  const docs = readFileSync('docs/server.md', 'utf8') + readFileSync('docs/api.md', 'utf8');
  for (const { path } of publicRoutes) expect(docs).toContain(path.replace(/\/\*$/u, ''));
});
