import { describe, expect, it } from 'vitest';
import { searchCommands } from '../../renderer/actions/command.ts';
import { createQuery } from '../../renderer/live/query.ts';
import { createNotices } from '../../renderer/live/notices.ts';
import { comparisonCsv, comparisonMarkdown } from '../../renderer/pages/bench/compare/comparison-text.ts';
import { noOwnTests, readOwnTests } from '../../renderer/pages/bench/own-tests.ts';
import { filterModels } from '../../renderer/pages/models/filter-models.ts';
import { tensorShares } from '../../renderer/pages/models/tensor-shares.ts';
import { messagesOf, reduceConversation } from '../../renderer/pages/server/playground/conversation.ts';
import { snippetsFor } from '../../renderer/pages/server/overview/snippets.ts';
import { toolSnippetsFor } from '../../renderer/pages/server/overview/tool-snippets.ts';
import { shortCpuName } from '../../renderer/frame/machine-name.ts';
import { sortRows } from '../../renderer/ui/sort-rows.ts';
import { finishedRun, newRun } from '../support/fake-app-host/bench.ts';
import { compareRuns } from '../support/fake-app-host/comparison.ts';
import { demoModel, fakeDetails, otherModels } from '../support/fake-app-host/models.ts';

describe('the palette', () => {
  const commands = ['Serve dyno-demo-q4', 'Serve llama', 'Bench dyno-demo-q4'].map((title) => ({
    id: title,
    title,
    section: title.split(' ')[0] ?? '',
    run: () => undefined,
  }));

  it('finds by the beginnings of words in any order', () => {
    expect(searchCommands(commands, 'q4 serve').map((command) => command.title)).toEqual([
      'Serve dyno-demo-q4',
    ]);
  });

  it('shows all for nothing, and nothing for what is not there', () => {
    expect([searchCommands(commands, ' ').length, searchCommands(commands, 'zebra').length]).toEqual([3, 0]);
  });
});

describe('a question to the host', () => {
  it('is asked once, keeps its answer while a newer one comes, and says when that one fails', async () => {
    let calls = 0;
    const query = createQuery('k', () => {
      calls += 1;
      return calls === 1 ? Promise.resolve('first') : Promise.reject(new Error('gone'));
    });
    const seen: string[] = [];
    const settled = new Promise<void>((resolve) => {
      query.subscribe(() => {
        const state = query.get();
        seen.push(`${state.type} ${state.data ?? ''}`);
        if (state.type === 'ready' && !state.isRefreshing) query.refresh();
        if (state.type === 'failed') resolve();
      });
    });
    query.ensure();
    query.ensure();
    await settled;
    expect({ calls, seen }).toEqual({ calls: 2, seen: ['ready first', 'ready first', 'failed first'] });
  });

  it('is not asked anew by a poll while it is on its way, but by a refresh', async () => {
    const asked: PromiseWithResolvers<number>[] = [];
    const query = createQuery('k', () => {
      const one = Promise.withResolvers<number>();
      asked.push(one);
      return one.promise;
    });
    const answer = async (value: number): Promise<void> => {
      asked.at(-1)?.resolve(value);
      await asked.at(-1)?.promise;
    };
    query.poll();
    query.poll();
    expect(asked.length).toBe(1);
    await answer(1);
    query.poll();
    query.poll();
    expect(asked.length).toBe(2);
    query.refresh();
    expect(asked.length).toBe(3);
    await answer(3);
    expect(query.get()).toEqual({ type: 'ready', data: 3, isRefreshing: false });
  });

  it('is forgotten, not asked again, when it is invalid and on no screen', () => {
    let calls = 0;
    const query = createQuery('k', () => {
      calls += 1;
      return new Promise<string>(() => undefined);
    });
    query.ensure();
    query.invalidate();
    query.invalidate();
    expect({ calls, state: query.get().type }).toEqual({ calls: 1, state: 'loading' });
  });
});

describe('notices', () => {
  it('let good news leave by itself and keep a problem; a cancellation is no news', () => {
    const timers: (() => void)[] = [];
    const notices = createNotices((_ms, act) => timers.push(act));
    notices.done('Saved.');
    notices.problem({ code: 'models.in-use', title: 'In use.', isRetryable: true });
    notices.problem({ code: 'app.cancelled', title: 'Cancelled.', isRetryable: false });
    timers.forEach((act) => act());
    expect(notices.store.get().map((notice) => notice.type)).toEqual(['problem']);
  });
});

describe('tables', () => {
  it('sort unknown values last in both directions', () => {
    const rows = [{ v: 2 }, { v: null }, { v: 10 }];
    const columns = [{ id: 'v', sortBy: (row: (typeof rows)[number]) => row.v }];
    const sorted = (isDescending: boolean) =>
      sortRows(rows, columns, { columnId: 'v', isDescending }).map((row) => row.v);
    expect([sorted(false), sorted(true)]).toEqual([
      [2, 10, null],
      [10, 2, null],
    ]);
  });

  it('filter models by every word', () => {
    expect(filterModels(otherModels, 'qwen q6').map((model) => model.id)).toEqual(['Qwen3-8B-Q6_K']);
  });

  it('add up tensors by type, the largest share first', () => {
    const shares = tensorShares(fakeDetails(demoModel('Q4_K_M')).tensors);
    expect(shares.map((share) => [share.type, share.count])).toEqual([
      ['Q4_K', 4],
      ['Q6_K', 1],
      ['F32', 1],
    ]);
  });
});

describe('a comparison as text', () => {
  const run = finishedRun(newRun('run', 'Run', ['F16', 'Q4_K_M'].map(demoModel), 'quick', 0));
  const { rows } = compareRuns([run], undefined);

  it('is a Markdown table with spread and n', () => {
    const lines = comparisonMarkdown(rows).split('\n');
    expect([
      lines.length,
      lines[2]?.includes('1,670 ± 13, n 3'),
      lines[3]?.includes('▲ 1.91× as fast'),
      lines[0]?.includes('| GPU board nvidia:0 (J/token) |'),
      lines[2]?.includes('| 0.557 ± 0.007, n 3 |'),
    ]).toEqual([4, true, true, true, true]);
  });

  it('is a CSV with unrounded medians and empty cells for the unknown', () => {
    const [head, first] = comparisonCsv(rows.map((row) => ({ ...row, name: 'a, "b"', ttftMs: null }))).split(
      '\n',
    );
    expect([
      head?.split(',').length,
      first?.startsWith('"a, ""b""",F16,'),
      first?.includes(',1668,'),
      head?.includes(',gpu_board_nvidia_0_joules_per_token,'),
      first?.includes(',0.557,'),
    ]).toEqual([32, true, true, true, true]);
  });
});

describe('the playground', () => {
  it('keeps reasoning apart and does not send it back', () => {
    const turns = [
      { type: 'asked', content: 'Why?' },
      { type: 'received', event: { type: 'text', channel: 'reasoning', text: 'hm' } },
      { type: 'received', event: { type: 'text', channel: 'content', text: 'Because' } },
      { type: 'received', event: { type: 'text', channel: 'content', text: '.' } },
      { type: 'stopped' },
      { type: 'received', event: { type: 'text', channel: 'content', text: ' late' } },
    ] as const;
    const state = turns.reduce(reduceConversation, []);
    expect(state[1]).toEqual({
      role: 'assistant',
      content: 'Because.',
      reasoning: 'hm',
      state: { type: 'stopped' },
    });
    expect(messagesOf(state, 'Be brief.')).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: 'Because.' },
    ]);
  });

  it('offers snippets that name the address and the model, never the key', () => {
    const given = { url: 'http://127.0.0.1:7842/v1', modelId: 'my "model"', needsCa: false };
    for (const snippet of snippetsFor(given)) {
      expect(snippet.text).toContain('http://127.0.0.1:7842/v1');
      expect(snippet.text).toContain(JSON.stringify('my "model"'));
      expect(snippet.text).toContain('DYNO_API_KEY');
    }
    for (const { id, text } of toolSnippetsFor(given)) {
      expect(text).toContain('http://127.0.0.1:7842');
      expect(text.includes('DYNO_API_KEY') || text.includes('your key')).toBe(true);
      expect([id, text.includes('7842/v1')]).toEqual([id, id !== 'anthropic' && id !== 'ollama']);
    }
    for (const { text } of [...snippetsFor(given), ...toolSnippetsFor(given)]) {
      expect(text).not.toContain('server.pem');
    }
  });

  it('names the file of a certificate that no authority signed in every snippet for another machine', () => {
    const given = { url: 'https://mybox.local:7842/v1', modelId: 'demo', needsCa: true };
    for (const { id, text } of [...snippetsFor(given), ...toolSnippetsFor(given)]) {
      expect([id, text.includes('server.pem'), text.includes('https://mybox.local:7842')]).toEqual([
        id,
        true,
        true,
      ]);
    }
  });
});

it('a processor is called by its name, without its advertising', () => {
  expect(
    ['AMD Ryzen 9 7950X 16-Core Processor', 'Intel(R) Core(TM) i9-14900K CPU @ 3.20GHz', 'Apple M4 Max'].map(
      shortCpuName,
    ),
  ).toEqual(['AMD Ryzen 9 7950X', 'Intel Core i9-14900K', 'Apple M4 Max']);
});

describe('tests of one’s own', () => {
  it('are none while the fields are empty', () => {
    expect(readOwnTests(noOwnTests)).toEqual({ engineTests: [], apiTests: [], problems: {} });
  });

  it('say which field cannot be read, and keep what can', () => {
    const { engineTests, apiTests, problems } = readOwnTests({
      ...noOwnTests,
      prefill: '512',
      depths: 'deep',
      api: 'single-stream\nmany users',
    });
    expect({ engine: engineTests.length, api: apiTests, fields: Object.keys(problems) }).toEqual({
      engine: 1,
      api: [{ profile: 'single-stream', parameters: {} }],
      fields: ['depths', 'api'],
    });
  });
});
