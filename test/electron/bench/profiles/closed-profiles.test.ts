import { describe, expect, it } from 'vitest';
import { profileNamed } from '../../../../electron/bench/profiles/list.ts';
import { drive, firstStage } from '../../../support/drive-profile.ts';

describe('the single stream', () => {
  it('sends one request after the other, at least as many as asked', async () => {
    const { sends, profile } = await drive('single-stream', { requests: 3, minimumMs: 100 }, 250);
    expect(sends.map((send) => [send.fromMs, send.toMs])).toEqual([
      [0, 250],
      [250, 500],
      [500, 750],
    ]);
    expect(sends.every((send) => send.intendedAtMs === send.fromMs)).toBe(true);
    expect(profile).toMatchObject({ test: 'single-stream', concurrency: 1, tokensPerRequest: 192 });
  });

  it('goes on with quick answers until the window has lasted long enough', async () => {
    const { sends } = await drive('single-stream', { requests: 2, minimumMs: 400 }, 50);
    expect(sends).toHaveLength(8);
  });

  it('stops at its planned requests when answers are almost instant', async () => {
    const { sends, profile } = await drive('single-stream', { requests: 2, minimumMs: 400 }, 1);
    expect(sends).toHaveLength(firstStage(profile).requests.length);
    expect(new Set(sends.map((send) => send.request.index)).size).toBe(sends.length);
  });
});

describe('the closed loop', () => {
  it('keeps every user busy with exactly one request at a time', async () => {
    const { sends } = await drive('closed-loop', { concurrency: 3, requests: 2, minimumMs: 0 }, 100);
    expect(sends.map((send) => [send.request.stream, send.fromMs])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [0, 100],
      [1, 100],
      [2, 100],
    ]);
  });

  it('names its concurrency and plans distinct requests for every user', () => {
    const profile = profileNamed('closed-loop').bind({ concurrency: 8 }, 4096);
    expect(profile.test).toBe('closed-loop x8');
    expect(new Set(firstStage(profile).requests.map((request) => request.stream)).size).toBe(8);
    expect(profile.plan([])).toEqual(profileNamed('closed-loop').bind({ concurrency: 8 }, 4096).plan([]));
  });

  it('sends nothing more once it is aborted', async () => {
    const stop = new AbortController();
    const { sends } = await drive('closed-loop', { concurrency: 2 }, 100, {
      signal: stop.signal,
      isAnswered: () => {
        stop.abort();
        return true;
      },
    });
    expect(sends).toHaveLength(2);
  });

  it('lets a user give up after three failures in a row, so that a dead server is not flooded', async () => {
    const { sends } = await drive('closed-loop', { concurrency: 2, requests: 5 }, 1, {
      isAnswered: () => false,
    });
    expect(sends).toHaveLength(6);
  });
});

describe('lengths', () => {
  it('are clipped to the context, the answer to a third of it', () => {
    expect(
      profileNamed('single-stream').bind({ promptTokens: 4000, outputTokens: 500 }, 1024).parameters,
    ).toMatchObject({ promptTokens: 683, outputTokens: 341 });
    expect(profileNamed('single-stream').bind({ promptTokens: 128 }, 1024).parameters).toMatchObject({
      promptTokens: 128,
      outputTokens: 64,
    });
  });
});

describe('the list of profiles', () => {
  it('refuses an unknown name with the known ones as a hint', () => {
    expect(() => profileNamed('open-loop-please')).toThrow(
      expect.objectContaining({
        code: 'app.bad-input',
        hint: expect.stringContaining('single-stream') as string,
      }),
    );
  });

  it('refuses parameters a profile does not know', () => {
    expect(() => profileNamed('single-stream').bind({ users: 3 }, 1024)).toThrow();
  });
});
