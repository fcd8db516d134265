import { expect, it } from 'vitest';
import { toolStyles } from '../../../../../electron/engine/host/answer/tool-style.ts';
import { grammarOf } from '../../../../../electron/engine/host/grammar/request-grammar.ts';
import type { GenerateRequest, Grammar, ToolChoice } from '../../../../../electron/engine/engine.ts';
import { greedyRequest } from '../../../../support/real-pool.ts';

const tools = [{ name: 'f', parameters: { type: 'object', properties: { x: { type: 'integer' } } } }];
const request = (grammar: Grammar, toolChoice?: ToolChoice): GenerateRequest =>
  greedyRequest({ type: 'chat', messages: [], tools, ...(toolChoice && { toolChoice }) }, { grammar });
const schema: Grammar = { type: 'json-schema', schema: { enum: ['yes', 'no'] } };
const rootOf = (text: string | undefined): string => text?.split('\n')[0] ?? '';

it('lets a model that may call tools choose between its answer and a call', () => {
  const grammar = grammarOf(request(schema, { type: 'auto' }), toolStyles.hermes);
  expect(rootOf(grammar)).toMatch(/^root ::= .+ \| calls$/u);
  expect(grammar).toContain('<tool_call>');
  expect(grammar).toContain('\\"yes\\"');
  expect(rootOf(grammarOf(request({ type: 'json-object' }), toolStyles.hermes))).toBe(
    'root ::= object | calls',
  );
});

it('has no calls in it where the model may not call, and nothing else where it must', () => {
  expect(grammarOf(request(schema, { type: 'none' }), toolStyles.hermes)).not.toContain('<tool_call>');
  expect(grammarOf(request(schema, { type: 'required' }), toolStyles.hermes)).not.toContain('yes');
});

it.each([
  ['a GBNF', { type: 'gbnf', text: 'root ::= "a"' } as const, toolStyles.hermes],
  ['a style that writes calls as plain JSON', schema, toolStyles['llama3-json']],
])('refuses %s beside free tools', (_, grammar, style) => {
  expect(() => grammarOf(request(grammar), style)).toThrow(
    expect.objectContaining({ code: 'engine.unsupported', details: { param: 'tools' } }),
  );
});

it('lets a function without parameters be called with none', () => {
  const { prompt } = request(schema, { type: 'required' });
  const bare = greedyRequest({ ...prompt, ...(prompt.type === 'chat' && { tools: [{ name: 'f' }] }) });
  expect(grammarOf(bare, toolStyles.hermes)).toMatch(/^args-f ::= "\{" ws "\}"$/mu);
});

it('names the tool whose parameters cannot be enforced', () => {
  const loose = [{ name: 'g', parameters: { type: 'string', pattern: 'a' } }];
  const given = greedyRequest({ type: 'chat', messages: [], tools: loose, toolChoice: { type: 'required' } });
  expect(() => grammarOf(given, toolStyles.hermes)).toThrow(
    expect.objectContaining({
      code: 'engine.bad-grammar',
      message: 'Tool g: The schema keyword "pattern" cannot be enforced.',
      details: { keyword: 'pattern', param: 'tools' },
    }),
  );
});
