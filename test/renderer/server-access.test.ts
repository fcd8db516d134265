import { describe, expect, it } from 'vitest';
import { slugOf } from '../../renderer/pages/server/access/slug.ts';
import { limitProblems, readLimits, writeLimits } from '../../renderer/pages/server/access/limit-texts.ts';
import { auditCsv, detailsText, filterAudit } from '../../renderer/pages/server/audit/audit-words.ts';
import {
  emptyKeyForm,
  keyFormOf,
  readKeyChange,
  readNewKey,
  type KeyForm,
} from '../../renderer/pages/server/keys/key-form.ts';
import { hasEnded, keyStateText } from '../../renderer/pages/server/keys/key-state-text.ts';
import { limitRows, findUse } from '../../renderer/pages/server/limits/limit-rows.ts';
import { whyNot } from '../../renderer/pages/server/tenants/place.ts';
import { fieldProblems } from '../../renderer/transport/field-problems.ts';
import type { AuditEntry } from '../../shared/contract/audit.ts';
import type { ApiKey } from '../../shared/contract/keys.ts';
import { noLimits } from '../../shared/contract/limits.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = 1_000 * DAY;

const key = (given: Partial<ApiKey> = {}): ApiKey => ({
  id: '0123456789ab',
  name: 'laptop',
  lastFour: 'wxyz',
  role: 'developer',
  scopes: null,
  tier: 'interactive',
  tenantId: 'default',
  projectId: 'default',
  models: null,
  limits: noLimits,
  modelLimits: {},
  rotation: { maxAgeMs: null, maxIdleMs: null, isAutomatic: false },
  createdAtMs: now - DAY,
  createdBy: 'host',
  expiresAtMs: null,
  rotatesAtMs: null,
  graceUntilMs: null,
  predecessorId: null,
  successorId: null,
  lastUsedAtMs: null,
  revokedAtMs: null,
  isHostKey: false,
  state: 'active',
  ...given,
});

describe('the state of a key in words', () => {
  const rotation = { maxAgeMs: null, maxIdleMs: null, isAutomatic: false };
  it.each([
    [key(), 'active', 'good'],
    [key({ expiresAtMs: now + 30 * DAY }), 'active, ends in 30 days', 'good'],
    [
      key({ expiresAtMs: now + 30 * DAY, rotatesAtMs: now + 3 * HOUR }),
      'active, ends unless rotated in 3 h 0 min',
      'warn',
    ],
    [
      key({ rotatesAtMs: now + 3 * DAY, rotation: { ...rotation, isAutomatic: true } }),
      'active, rotates by itself in 3 days',
      'good',
    ],
    [
      key({ lastUsedAtMs: now - DAY, rotation: { ...rotation, maxIdleMs: 3 * DAY } }),
      'active, ends unless used in 2 days',
      'warn',
    ],
    [key({ state: 'grace', graceUntilMs: now + 23 * HOUR }), 'rotated, works on for 23 h 0 min', 'warn'],
    [key({ state: 'expired', expiresAtMs: now - 2 * HOUR }), 'ended 2 h ago', 'bad'],
    [
      key({ state: 'idle', rotation: { ...rotation, maxIdleMs: 3 * DAY } }),
      'ended: unused for 3 days',
      'bad',
    ],
    [key({ state: 'revoked', revokedAtMs: now - HOUR }), 'revoked 1 h ago', 'bad'],
  ] as const)('%#: %s', (given, text, tone) => {
    expect(keyStateText(given, now)).toEqual({ text, tone });
  });

  it('hides what has ended, and not what its suspended tenant may let work again', () => {
    const states = ['active', 'grace', 'suspended', 'expired', 'idle', 'revoked'] as const;
    expect(states.filter((state) => hasEnded(key({ state })))).toEqual(['expired', 'idle', 'revoked']);
  });
});

describe('the form of a key', () => {
  const form = (given: Partial<KeyForm> = {}): KeyForm => ({ ...emptyKeyForm, name: 'laptop', ...given });

  it('becomes what the host takes: days as milliseconds, empty as none', () => {
    const read = readNewKey(
      form({
        scopes: ['inference'],
        models: ['demo'],
        limits: { requestsPerMinute: '60', tokensPerMinute: '20,000', concurrency: '' },
        modelLimits: { demo: { requestsPerMinute: '', tokensPerMinute: '', concurrency: '1' } },
        expiresDays: '90',
        maxAgeDays: '0.5',
        isAutomatic: true,
      }),
    );
    expect(read).toEqual({
      type: 'ready',
      input: {
        name: 'laptop',
        role: 'developer',
        scopes: ['inference'],
        tier: 'interactive',
        tenantId: 'default',
        projectId: 'default',
        models: ['demo'],
        limits: { requestsPerMinute: 60, tokensPerMinute: 20_000, concurrency: null },
        modelLimits: { demo: { requestsPerMinute: null, tokensPerMinute: null, concurrency: 1 } },
        rotation: { maxAgeMs: DAY / 2, maxIdleMs: null, isAutomatic: true },
        expiresInMs: 90 * DAY,
      },
    });
  });

  it.each([
    [{ name: ' ' }, 'name'],
    [{ expiresDays: 'soon' }, 'expiresDays'],
    [{ maxIdleDays: '-1' }, 'maxIdleDays'],
    [{ limits: { requestsPerMinute: '0', tokensPerMinute: '', concurrency: '' } }, 'limits'],
    [{ modelLimits: { demo: { requestsPerMinute: 'x', tokensPerMinute: '', concurrency: '' } } }, 'limits'],
    [{ role: 'king' }, 'role'],
  ] as const)('is refused with %j, and the field %s says why', (given, field) => {
    const read = readNewKey(form(given));
    expect(read.type === 'problems' ? Object.keys(read.fields) : read).toEqual([field]);
  });

  it('holds a key that exists, and gives back what it held', () => {
    const given = key({
      models: ['demo'],
      limits: { requestsPerMinute: 5, tokensPerMinute: null, concurrency: 2 },
      rotation: { maxAgeMs: 30 * DAY, maxIdleMs: 7 * DAY, isAutomatic: true },
    });
    const { id, name, tier, models, limits, modelLimits, rotation } = given;
    expect(readKeyChange(id, keyFormOf(given))).toEqual({
      type: 'ready',
      input: { id, name, tier, models, limits, modelLimits, rotation },
    });
  });
});

describe('limits', () => {
  it('are read as typed, and a field that cannot be read is told of', () => {
    const texts = { requestsPerMinute: '1,000', tokensPerMinute: ' ', concurrency: '2' };
    expect(readLimits(texts)).toEqual({ requestsPerMinute: 1000, tokensPerMinute: null, concurrency: 2 });
    expect(readLimits({ ...texts, concurrency: '1.5' })).toBeUndefined();
    expect(Object.keys(limitProblems({ ...texts, concurrency: '1.5', tokensPerMinute: '-3' }))).toEqual([
      'tokensPerMinute',
      'concurrency',
    ]);
    expect(readLimits(writeLimits(noLimits))).toEqual(noLimits);
  });

  it('stand from the widest to the narrowest, each with what is left of it, those of ended keys left out', () => {
    const ofModel = { demo: { ...noLimits, concurrency: 1 } };
    const tenant = {
      id: 'default',
      name: 'Default',
      limits: noLimits,
      createdAtMs: 0,
      standing: { type: 'active' },
    } as const;
    const rows = limitRows(
      noLimits,
      [tenant],
      [key({ modelLimits: ofModel }), key({ id: 'ffffffffffff', state: 'revoked' })],
    );
    expect(rows.map(({ title, note }) => `${title}: ${note}`)).toEqual([
      'Whole server: all requests together',
      'Default: tenant',
      'laptop: key of default',
      'laptop, demo: key for one model',
    ]);
    const use = {
      owner: { type: 'model', keyId: '0123456789ab', modelId: 'demo' },
      resource: 'concurrency',
      limit: 1,
      remaining: 0,
      resetMs: null,
    } as const;
    expect(rows.map((row) => findUse([use], row, 'concurrency'))).toEqual([
      undefined,
      undefined,
      undefined,
      use,
    ]);
  });
});

describe('the audit log', () => {
  const entry = (given: Partial<AuditEntry>): AuditEntry => ({
    seq: 1,
    atMs: 0,
    actor: { type: 'host' },
    action: 'key.created',
    tenantId: 'default',
    subject: '0123456789ab',
    details: {},
    hash: 'a'.repeat(64),
    ...given,
  });

  it('is filtered by who, what and when', () => {
    const log = [
      entry({ seq: 3, atMs: 30, actor: { type: 'key', keyId: 'k', name: 'boss' } }),
      entry({ seq: 2, atMs: 20, action: 'key.revoked' }),
      entry({ seq: 1, atMs: 10 }),
    ];
    const all = { actor: null, action: null, sinceMs: null };
    const left = (filter: object) => filterAudit(log, { ...all, ...filter }).map(({ seq }) => seq);
    expect([
      left({}),
      left({ actor: 'key boss' }),
      left({ actor: 'owner of this machine', action: 'key.created' }),
      left({ sinceMs: 20 }),
    ]).toEqual([[3, 2, 1], [3], [1], [3, 2]]);
  });

  it('becomes CSV in which no text ends a cell or is taken for a formula', () => {
    const [head, first, second, rest] = auditCsv([
      entry({ actor: { type: 'key', keyId: 'k', name: '=cmd()' }, details: { name: 'a,b' } }),
      entry({ tenantId: null, subject: 'say "no"' }),
    ]).split('\r\n');
    expect([head, first, second, rest]).toEqual([
      'seq,time,actor,actor_key,action,tenant,subject,details,hash',
      `1,1970-01-01T00:00:00.000Z,'=cmd(),k,key.created,default,0123456789ab,"{""name"":""a,b""}",${'a'.repeat(64)}`,
      `1,1970-01-01T00:00:00.000Z,host,,key.created,,"say ""no""",{},${'a'.repeat(64)}`,
      '',
    ]);
  });

  it('tells particulars in one line, without what is not set', () => {
    expect(
      detailsText({
        name: 'x',
        scopes: null,
        limits: { concurrency: 2, tokensPerMinute: null },
        models: ['a', 'b'],
      }),
    ).toBe('name x, limits concurrency 2, models a b');
  });
});

describe('what may never be stopped', () => {
  const standing = { type: 'active' } as const;
  const tenant = (id: string) => ({
    type: 'tenant' as const,
    tenant: { id, name: id, limits: noLimits, createdAtMs: now, standing },
  });
  const project = (tenantId: string, id: string) => ({
    type: 'project' as const,
    project: { tenantId, id, name: id, createdAtMs: now, standing },
  });

  it('is what holds the owner’s key, and it is said why', () => {
    for (const place of [tenant('default'), project('default', 'default')])
      expect([whyNot(place, 'suspended'), whyNot(place, 'removed')]).toEqual([
        expect.stringMatching(/^It cannot be suspended: it holds the owner's key.*\. Revoke its other keys/u),
        expect.stringMatching(/^It cannot be removed: it holds the owner's key/u),
      ]);
  });

  it('is nothing else, but a default project can only be suspended', () => {
    for (const place of [tenant('lab'), project('lab', 'bot'), project('default', 'bot')])
      expect([whyNot(place, 'suspended'), whyNot(place, 'removed')]).toEqual([undefined, undefined]);
    const inLab = project('lab', 'default');
    expect(whyNot(inLab, 'suspended')).toBeUndefined();
    expect(whyNot(inLab, 'removed')).toContain('keys that name no project belong to it');
  });
});

it('makes an id of a name', () => {
  expect(['Research Group', ' Ünïcode & more! ', '日本'].map(slugOf)).toEqual([
    'research-group',
    'unicode-more',
    '',
  ]);
});

it('reads which fields the host refused, and nothing of any other failure', () => {
  const refused = Object.assign(new Error('no'), {
    data: { details: { issues: [{ field: 'limits.concurrency', message: 'Too small' }] } },
  });
  expect([fieldProblems(refused), fieldProblems(new Error('gone'))]).toEqual([
    { 'limits.concurrency': 'Too small' },
    {},
  ]);
});
