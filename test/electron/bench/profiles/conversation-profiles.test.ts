import { describe, expect, it } from 'vitest';
import { profileNamed } from '../../../../electron/bench/profiles/list.ts';
import { drive, firstStage } from '../../../support/drive-profile.ts';

const chat = { users: 2, turns: 3, conversations: 2, thinkSeconds: 1, think: 'fixed' };

describe('the multi-turn chat', () => {
  it('lets every user think before each turn but the first of all', async () => {
    const { sends } = await drive('multi-turn', chat, 100);
    const own = sends.filter((send) => send.request.stream === 0);
    expect(own.map((send) => [send.request.turn, send.fromMs])).toEqual([
      [0, 0],
      [1, 1100],
      [2, 2200],
      [0, 3300],
      [1, 4400],
      [2, 5500],
    ]);
  });

  it('ends a conversation whose turn failed, and begins the next one', async () => {
    const { sends, dropped } = await drive('multi-turn', { ...chat, users: 1 }, 10, {
      isAnswered: (request) => request.index !== 1,
    });
    expect(dropped.map((request) => request.index)).toEqual([2]);
    expect(sends.map((send) => send.request.index)).toEqual([0, 1, 3, 4, 5]);
  });

  it('draws think times from its seed, around their mean', () => {
    const thinks = firstStage(
      profileNamed('multi-turn').bind(
        { users: 50, turns: 100, systemTokens: 0, userTokens: 8, outputTokens: 2 },
        4096,
        {
          seed: 5,
        },
      ),
    ).requests.map((request) => request.thinkMs ?? 0);
    const later = thinks.slice(50);
    expect(thinks.slice(0, 50).every((ms) => ms === 0)).toBe(true);
    expect(later.reduce((sum, ms) => sum + ms, 0) / later.length).toBeCloseTo(1000, -2);
  });

  it('shortens conversations to what the context holds', () => {
    const bound = profileNamed('multi-turn').bind(
      { turns: 50, systemTokens: 100, userTokens: 50, outputTokens: 50 },
      520,
    );
    expect(bound.parameters).toMatchObject({ turns: 4 });
    expect(bound.tokensPerRequest).toBe(500);
  });
});

describe('shared prefixes', () => {
  it('mixes the groups over the users and sends each group equally often', async () => {
    const { sends, stage } = await drive('shared-prefix', { groups: 3, perGroup: 4, users: 2 }, 10);
    const groups = sends.map((send) => send.request.prefix?.[0]?.group);
    expect([0, 1, 2].map((group) => groups.filter((own) => own === group).length)).toEqual([4, 4, 4]);
    expect(groups).not.toEqual(groups.toSorted());
    expect(stage.reusesPrompts).toBe(true);
    expect(new Set(sends.map((send) => send.request.stream)).size).toBe(2);
  });
});

describe('sustained load', () => {
  it('keeps its users busy for the whole time, with a new index for every request', async () => {
    const { sends } = await drive('sustained', { users: 2, durationSeconds: 60 }, 1000);
    expect(sends).toHaveLength(120);
    expect(new Set(sends.map((send) => send.request.index)).size).toBe(120);
    expect(Math.max(...sends.map((send) => send.toMs))).toBe(60_000);
  });

  it('lasts ten minutes unless told otherwise', () => {
    expect(profileNamed('sustained').bind({}, 4096).parameters).toMatchObject({ durationSeconds: 600 });
  });
});
