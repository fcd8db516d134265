import { describe, expect, it } from 'vitest';
import { areTwo } from '../../renderer/pages/bench/arm-settings.ts';
import { readHeaders } from '../../renderer/pages/lab/load/headers-text.ts';
import { emptyJudgement, readJudgement } from '../../renderer/pages/lab/quality/judgement.ts';

describe('a judgement from its form', () => {
  const form = { ...emptyJudgement, candidates: ['q8', 'f16'] };

  it('takes the bundled base, never judges it against itself, and asks the bundled tasks on the bundled text', () => {
    expect(readJudgement(form, 'f16')).toEqual({
      base: 'f16',
      candidates: ['q8'],
      text: 'bundled',
      tasks: 'bundled',
    });
  });

  it('takes a text and tasks of the user’s own', () => {
    const own = {
      ...form,
      text: ' /t/own.txt ',
      tasks: 'own',
      taskFile: '/t/own.jsonl',
      maxWindows: 6,
    } as const;
    expect(readJudgement(own, 'f16')).toMatchObject({
      text: '/t/own.txt',
      tasks: '/t/own.jsonl',
      maxWindows: 6,
    });
    expect(readJudgement({ ...own, taskFile: ' ' }, 'f16')).toBeNull();
  });

  it('holds candidates against a pack, whose text is its own and which answers no tasks', () => {
    const packed = { ...form, against: 'pack', pack: '/p/f16.pack', text: '/t/own.txt' } as const;
    expect(readJudgement(packed, 'f16')).toEqual({
      pack: '/p/f16.pack',
      candidates: ['q8', 'f16'],
      text: 'bundled',
      tasks: 'none',
    });
    expect(readJudgement({ ...packed, pack: '' }, 'f16')).toBeNull();
  });

  it('is not there without a base or a candidate', () => {
    expect([readJudgement(form, null), readJudgement({ ...form, candidates: [] }, 'f16')]).toEqual([
      null,
      null,
    ]);
  });
});

describe('request headers as typed', () => {
  it('are one per line, with colons in the value, and empty lines are nothing', () => {
    expect(readHeaders('X-Team: bench\n\n Authorization : Basic a:b ')).toEqual({
      headers: { 'X-Team': 'bench', Authorization: 'Basic a:b' },
      problem: null,
    });
  });

  it.each(['no colon', ': value', 'bad name: x'])('name the line that is none: %s', (line) => {
    expect(readHeaders(`X-Team: bench\n${line}`)).toEqual({
      headers: { 'X-Team': 'bench' },
      problem: `“${line}” is not Name: value`,
    });
  });
});

it('two arms differ when a setting does, in whatever order they were typed', () => {
  expect(areTwo({ a: { threads: 1, slots: 2 }, b: { slots: 2, threads: 1 } })).toBe(false);
  expect(areTwo({ a: {}, b: { threads: 1 } })).toBe(true);
});
