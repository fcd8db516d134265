import { describe, expect, it } from 'vitest';
import { takeAccessToken } from '../../renderer/transport/access-token.ts';
import { backOffMs, createConnection, type Pipe } from '../../renderer/transport/connection.ts';
import { toProblem } from '../../renderer/transport/problem.ts';
import { AppError } from '../../shared/errors/app-error.ts';

const place = (hash: string, stored: string | null) => {
  const written: string[] = [];
  const kept = new Map(stored === null ? [] : [['dyno.token', stored]]);
  return {
    written,
    kept,
    place: {
      location: { hash, pathname: '/', search: '' },
      history: {
        replaceState: (_state: unknown, _title: string, url?: string | URL | null) =>
          written.push(String(url)),
      },
      storage: {
        getItem: (key: string) => kept.get(key) ?? null,
        setItem: (key: string, value: string) => void kept.set(key, value),
      },
    },
  };
};

describe('the access token', () => {
  it('moves from the address into the storage of the tab', () => {
    const { place: where, written, kept } = place('#token=abc', null);
    expect(takeAccessToken(where)).toBe('abc');
    expect({ written, kept: [...kept] }).toEqual({ written: ['/#/'], kept: [['dyno.token', 'abc']] });
  });

  it('survives a reload, and the address of a page is no token', () => {
    const { place: where, written } = place('#/bench', 'abc');
    expect(takeAccessToken(where)).toBe('abc');
    expect(written).toEqual([]);
  });

  it('is nothing when the page was opened without one', () => {
    expect(takeAccessToken(place('#/', null).place)).toBeNull();
  });
});

/** A host that can be cut, and a clock that is moved by hand. */
const createBench = () => {
  const pending: (() => void)[] = [];
  let cut: () => void = () => undefined;
  let answer: 'open' | 'absent' | 'refuse' = 'open';
  const connection = createConnection(
    (): Promise<Pipe> => {
      if (answer === 'refuse') return Promise.reject(new AppError('app.unauthorized'));
      if (answer === 'absent') return Promise.reject(new AppError('app.not-found'));
      const { promise: closed, resolve } = Promise.withResolvers<undefined>();
      cut = () => resolve(undefined);
      return Promise.resolve({ link: { call: (path) => Promise.resolve(path.join('.')) }, closed });
    },
    {
      nowMs: () => 0,
      after: (_ms, act) => {
        pending.push(act);
        return () => undefined;
      },
    },
  );
  const reached = (type: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (connection.state().type !== type) return;
        stop();
        resolve();
      };
      const stop = connection.onChange(look);
      look();
    });
  return {
    connection,
    reached,
    cut: () => cut(),
    setAnswer: (next: typeof answer) => (answer = next),
    passTime: () => pending.splice(0).forEach((act) => act()),
  };
};

describe('the connection', () => {
  it('sends calls that were made before it was open', async () => {
    const { connection } = createBench();
    expect(await connection.link.call(['app', 'info'], {}, { context: {} })).toBe('app.info');
  });

  it('dials again after a loss, and counts the connections', async () => {
    const { connection, reached, cut, passTime } = createBench();
    await reached('open');
    cut();
    await reached('lost');
    passTime();
    await reached('open');
    expect(connection.state()).toEqual({ type: 'open', epoch: 2 });
  });

  it('counts the attempts while the host is gone', async () => {
    const { connection, reached, cut, setAnswer, passTime } = createBench();
    await reached('open');
    setAnswer('absent');
    cut();
    await reached('lost');
    passTime();
    await new Promise<void>((resolve) => {
      const stop = connection.onChange(() => {
        stop();
        resolve();
      });
    });
    expect(connection.state()).toMatchObject({ type: 'lost', attempt: 2 });
  });

  it('does not dial again when the host refuses the page, and fails the calls', async () => {
    const { connection, setAnswer, reached, cut, passTime } = createBench();
    await reached('open');
    setAnswer('refuse');
    cut();
    await reached('lost');
    passTime();
    await reached('refused');
    await expect(connection.link.call(['app'], {}, { context: {} })).rejects.toMatchObject({
      code: 'app.unauthorized',
    });
  });

  it('tries at once when it is told to', async () => {
    const { connection, reached, cut } = createBench();
    await reached('open');
    cut();
    await reached('lost');
    connection.retryNow();
    await reached('open');
    expect(connection.state()).toEqual({ type: 'open', epoch: 2 });
  });

  it('waits longer from loss to loss, up to five seconds', () => {
    expect([1, 2, 3, 10].map(backOffMs)).toEqual([250, 500, 1000, 5000]);
  });
});

describe('problems', () => {
  it('say what happened, why, and the next step', () => {
    const thrown = Object.assign(new Error('Needs 9.1 GiB, 7.8 GiB are free.'), {
      code: 'engine.out-of-memory',
      data: { hint: 'Choose Q4_K_M.' },
    });
    expect(toProblem(thrown)).toEqual({
      code: 'engine.out-of-memory',
      title: 'The model with these settings does not fit in memory.',
      detail: 'Needs 9.1 GiB, 7.8 GiB are free.',
      hint: 'Choose Q4_K_M.',
      isRetryable: false,
    });
  });

  it('name a broken connection as one', () => {
    expect(toProblem(new TypeError('socket'))).toMatchObject({ isRetryable: true, detail: 'socket' });
  });
});
