import { describe, expect, it } from 'vitest';
import { readPrompts } from '../../../../electron/bench/load/prompt-file.ts';
import { readTrace } from '../../../../electron/bench/load/trace-file.ts';

describe('a trace', () => {
  it('of BurstGPT is seconds and lengths; failed requests are left out', () => {
    const csv = [
      'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type',
      '5,ChatGPT,472,18,490,Conversation log',
      '45,ChatGPT,1087,0,1087,Conversation log',
      '118,GPT-4,417,276,693,API log',
    ].join('\r\n');
    expect(readTrace(csv, 10)).toEqual([
      { atMs: 5000, promptTokens: 472, outputTokens: 18 },
      { atMs: 118_000, promptTokens: 417, outputTokens: 276 },
    ]);
    expect(readTrace(csv, 1)).toHaveLength(1);
  });

  const jsonl = (lines: readonly object[]) => lines.map((line) => JSON.stringify(line)).join('\n');
  const request = { timestamp: 0, input_length: 1, output_length: 1 };

  it('of Mooncake tells by its block hashes how far each prompt begins like another', () => {
    // all begin with block 0, as under one system prompt; two of them share a document behind it
    const lines = [
      { timestamp: 3000, input_length: 2000, output_length: 500, hash_ids: [0, 1, 2, 3] },
      { timestamp: 0, input_length: 1700, output_length: 490, hash_ids: [0, 1, 2, 4] },
      { timestamp: 10, input_length: 1500, output_length: 5, hash_ids: [0, 5, 6] },
      { timestamp: 20, input_length: 100, output_length: 5, hash_ids: [7] },
    ];
    const piecesOf = (...groups: number[]) => groups.map((group) => ({ group, tokens: 512 }));
    expect(readTrace(jsonl(lines), 10)).toEqual([
      { atMs: 0, promptTokens: 1700, outputTokens: 490, prefix: piecesOf(0, 1, 2) },
      { atMs: 10, promptTokens: 1500, outputTokens: 5, prefix: piecesOf(0) },
      { atMs: 20, promptTokens: 100, outputTokens: 5 },
      { atMs: 3000, promptTokens: 2000, outputTokens: 500, prefix: piecesOf(0, 1, 2) },
    ]);
  });

  it('leaves out requests without an answer, which failed when they were recorded', () => {
    const lines = [
      { ...request, output_length: 0 },
      { ...request, input_length: 0 },
      { ...request, timestamp: 7 },
    ];
    expect(readTrace(jsonl(lines), 1)).toEqual([{ atMs: 7, promptTokens: 1, outputTokens: 1 }]);
  });

  it('may begin with a byte order mark and hold empty lines, which count in the number of a broken one', () => {
    expect(readTrace(`\uFEFF${JSON.stringify(request)}\n\n`, 5)).toHaveLength(1);
    expect(() => readTrace(`${JSON.stringify(request)}\n\n{}`, 5)).toThrow('Line 3');
    expect(() => readTrace('\uFEFFTimestamp,Request tokens,Response tokens\n\n1,2,x', 5)).toThrow('Line 3');
  });

  it.each([
    ['an empty file', '', 'no column'],
    ['a CSV of something else', 'a,b\n1,2', 'no column “timestamp”'],
    ['words where numbers belong', 'Timestamp,Request tokens,Response tokens\nsoon,1,2', 'Line 2'],
    ['a line that is no request', '{"timestamp":1}', 'Line 1'],
    ['broken JSON', '{"timestamp":1,', 'Line 1'],
  ])('refuses %s and says where', (_name, text, message) => {
    expect(() => readTrace(text, 10)).toThrow(
      expect.objectContaining({
        code: 'bench.trace-invalid',
        message: expect.stringContaining(message) as string,
        hint: expect.stringContaining('BurstGPT') as string,
      }),
    );
  });
});

describe('a prompt file', () => {
  it('may be JSONL of prompts, of messages, or of ShareGPT conversations', () => {
    const lines = [
      { prompt: 'One.' },
      {
        messages: [
          { role: 'system', content: 's' },
          { role: 'user', content: 'Two.' },
        ],
      },
      {
        conversations: [
          { from: 'human', value: 'Three.' },
          { from: 'gpt', value: 'x' },
          { from: 'human', value: 'Four.' },
        ],
      },
    ];
    const read = [{ turns: ['One.'] }, { turns: ['Two.'] }, { turns: ['Three.', 'Four.'] }];
    expect(readPrompts(lines.map((line) => JSON.stringify(line)).join('\n'))).toEqual(read);
    expect(readPrompts(JSON.stringify(lines))).toEqual(read);
    expect(readPrompts(`\uFEFF${JSON.stringify(lines)}`)).toEqual(read);
    expect(readPrompts('\uFEFF{"prompt":"One."}\n')).toEqual(read.slice(0, 1));
  });

  it.each([
    ['nothing', '', 'no prompts'],
    ['text', 'Hello', 'Line 1 is no JSON'],
    ['other JSON', '{"prompt":"a"}\n{"question":"b"}', 'Entry 2'],
    ['conversations without a user', '{"conversations":[{"from":"gpt","value":"x"}]}', 'no prompts'],
  ])('of %s is refused', (_name, text, message) => {
    expect(() => readPrompts(text)).toThrow(
      expect.objectContaining({
        code: 'bench.prompts-invalid',
        message: expect.stringContaining(message) as string,
      }),
    );
  });
});
