import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createAnswerStream,
  type AnswerShape,
} from '../../../../../electron/engine/host/answer/answer-stream.ts';
import { toolStyles } from '../../../../../electron/engine/host/answer/tool-style.ts';

const utf8 = new TextEncoder();
const think = { open: '<think>', close: '</think>' };

const open = (shape: Partial<AnswerShape> = {}) => {
  let calls = 0;
  return createAnswerStream({
    stop: [],
    reasoning: undefined,
    startsInReasoning: false,
    tools: undefined,
    newCallId: () => `call_${(calls += 1)}`,
    ...shape,
  });
};

/** Feeds the pieces as tokens; gives the channels' texts and the calls. */
const run = (pieces: readonly (string | Uint8Array)[], shape: Partial<AnswerShape> = {}) => {
  const answer = open(shape);
  const events = [
    ...pieces.flatMap((piece) =>
      answer.isStopped ? [] : [...answer.push(typeof piece === 'string' ? utf8.encode(piece) : piece)],
    ),
    ...answer.end(),
  ];
  const textOf = (channel: string) =>
    events
      .flatMap((event) => (event.type === 'delta' && event.channel === channel ? [event.text] : []))
      .join('');
  const calls: { id: string; name: string; arguments: string }[] = [];
  for (const event of events) {
    if (event.type !== 'tool-call') continue;
    const call = (calls[event.index] ??= { id: event.id, name: event.name, arguments: '' });
    call.arguments += event.argumentsDelta;
  }
  return { events, content: textOf('content'), reasoning: textOf('reasoning'), calls, answer };
};
/** A text in pieces of `size` characters. */
const cut = (text: string, size: number): string[] => text.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? [];

describe('the stream of an answer', () => {
  it('holds back an incomplete character until it is whole', () => {
    const [a = 0, b = 0, c = 0, d = 0] = utf8.encode('🦊');
    const { events, content } = run([Uint8Array.of(a, b), Uint8Array.of(c), Uint8Array.of(d), '!']);
    expect(content).toBe('🦊!');
    expect(events).toEqual([
      { type: 'delta', channel: 'content', text: '🦊', tokens: 3 },
      { type: 'delta', channel: 'content', text: '!', tokens: 1 },
    ]);
  });

  it('cuts the answer before a stop string that comes in several tokens', () => {
    const { content, answer } = run(['Hello', ' wor', 'ld\nUs', 'er: more'], { stop: ['\nUser:'] });
    expect(content).toBe('Hello world');
    expect(answer.isStopped).toBe(true);
  });

  it('gives out held text when it was no stop string after all, or the answer ends', () => {
    expect(run(['a\nUs', 'ual'], { stop: ['\nUser:'] }).content).toBe('a\nUsual');
    expect(run(['a\nUs'], { stop: ['\nUser:'] }).content).toBe('a\nUs');
  });

  it('puts thoughts in a channel of their own and trims the layout around them', () => {
    const { reasoning, content, answer } = run(['<think>', '\n8 + 2', ' = 10\n', '</think>', '\n\n', '15'], {
      reasoning: think,
    });
    expect({ reasoning, content }).toEqual({ reasoning: '8 + 2 = 10', content: '15' });
    expect(answer.reasoningTokens).toBe(3);
  });

  it('begins in the thinking channel when the prompt opened it', () => {
    const { reasoning, content } = run(['so ', 'it is', '</think>', 'Yes'], {
      reasoning: think,
      startsInReasoning: true,
    });
    expect({ reasoning, content }).toEqual({ reasoning: 'so it is', content: 'Yes' });
  });

  it('leaves a thinking mark in the middle of an answer alone', () => {
    expect(run(['The tag <thi', 'nk> is text'], { reasoning: think }).content).toBe(
      'The tag <think> is text',
    );
  });

  it('does not stop inside a thought', () => {
    const { reasoning, content } = run(['<think>a.b</think>c.d'], { reasoning: think, stop: ['.'] });
    expect({ reasoning, content }).toEqual({ reasoning: 'a.b', content: 'c' });
  });

  it('streams the arguments of a Hermes call as they are generated', () => {
    const { events, calls, content } = run(
      [
        '<tool_call>',
        '\n{"name": "get_weather", "arg',
        'uments": {"ci',
        'ty": "Par',
        'is"}}',
        '\n</tool_call>',
      ],
      { tools: toolStyles.hermes },
    );
    expect(content).toBe('');
    expect(calls).toEqual([{ id: 'call_1', name: 'get_weather', arguments: '{"city": "Paris"}' }]);
    expect(events.filter(({ type }) => type === 'tool-call').length).toBeGreaterThan(2);
  });

  it('reads several calls and text before them', () => {
    const call = (name: string) => `<tool_call>\n{"name": "${name}", "arguments": {}}\n</tool_call>\n`;
    const { calls, content } = run([`Let me see.\n${call('a')}${call('b')}`], { tools: toolStyles.hermes });
    expect(content).toBe('Let me see.');
    expect(calls.map(({ name, id }) => [name, id])).toEqual([
      ['a', 'call_1'],
      ['b', 'call_2'],
    ]);
  });

  it('reads the same calls however the tokens fall', () => {
    const text =
      'Yes.\n<tool_call>\n{"name": "f", "arguments": {"a": "x}\\"", "b": [1, {"c": null}]}}\n</tool_call>';
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), (size) => {
        const { calls, content } = run(cut(text, size), { tools: toolStyles.hermes });
        expect({ calls, content }).toEqual({
          calls: [{ id: 'call_1', name: 'f', arguments: '{"a": "x}\\"", "b": [1, {"c": null}]}' }],
          content: 'Yes.',
        });
      }),
    );
  });

  it('shows as text what looked like a call and was none', () => {
    expect(run(['<tool_call>', 'is a tag'], { tools: toolStyles.hermes }).content).toBe(
      '<tool_call>is a tag',
    );
  });

  it.each(['arguments first', 'packed arguments'] as const)('accepts %s', (form) => {
    const json =
      form === 'arguments first'
        ? '{"arguments": {"a": 1}, "name": "f"}'
        : '{"name": "f", "arguments": "{\\"a\\": 1}"}';
    const { calls } = run(cut(`<tool_call>${json}</tool_call>`, 3), { tools: toolStyles.hermes });
    expect(calls).toEqual([{ id: 'call_1', name: 'f', arguments: '{"a": 1}' }]);
  });

  it('reads a bare Llama 3 call, and JSON that is none as text', () => {
    const shape = { tools: toolStyles['llama3-json'] };
    expect(run(cut('{"name": "f", "parameters": {"a": 1}}', 4), shape).calls).toEqual([
      { id: 'call_1', name: 'f', arguments: '{"a": 1}' },
    ]);
    expect(run(cut('{"animal": "fox"}', 4), shape)).toMatchObject({
      content: '{"animal": "fox"}',
      calls: [],
    });
  });

  it('reads a Mistral list of calls', () => {
    const text = '[TOOL_CALLS] [{"name": "f", "arguments": {"a": 1}}, {"name": "g", "arguments": {}}]';
    const { calls, content } = run(cut(text, 5), { tools: toolStyles['mistral-list'] });
    expect(content).toBe('');
    expect(calls.map((call) => [call.name, call.arguments])).toEqual([
      ['f', '{"a": 1}'],
      ['g', '{}'],
    ]);
  });

  it('reads Mistral calls with marked arguments', () => {
    const text = '[TOOL_CALLS]f[ARGS]{"a": 1}[TOOL_CALLS]g[ARGS]{}';
    const { calls } = run(cut(text, 6), { tools: toolStyles['mistral-args'] });
    expect(calls.map((call) => [call.name, call.arguments])).toEqual([
      ['f', '{"a": 1}'],
      ['g', '{}'],
    ]);
  });

  it('counts every token once over all deltas', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 20 }), (pieces) => {
        const { events, content } = run(pieces, { stop: ['\u0000never'] });
        const tokens = events.reduce((sum, { tokens: count }) => sum + count, 0);
        expect(content).toBe(pieces.join(''));
        expect(tokens).toBe(pieces.length);
      }),
    );
  });
});
