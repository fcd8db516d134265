import { describe, expect, it } from 'vitest';
import {
  detectReasoningStyle,
  opensReasoning,
} from '../../../../../electron/engine/host/answer/reasoning-style.ts';
import { detectToolStyle } from '../../../../../electron/engine/host/answer/tool-style.ts';
import { createChatFormat } from '../../../../../electron/engine/host/chat/chat-prompt.ts';
import { templateVariables } from '../../../../../electron/engine/host/chat/template-variables.ts';
import { tokenizeLong } from '../../../../../electron/engine/host/tokenize-long.ts';
import { byteVocabulary } from '../../../../support/fake-batch-engine.ts';
import { thrownBy } from '../../../../support/thrown-by.ts';

const special = { bos: '<s>', eos: '</s>' };

describe('the variables of a template', () => {
  it('are those Hugging Face templates expect', () => {
    const { fromMessages, fromModel } = templateVariables(
      {
        type: 'chat',
        messages: [
          { role: 'developer', content: 'Be brief.' },
          {
            role: 'assistant',
            content: '',
            reasoning: 'hm',
            toolCalls: [{ id: 'c1', name: 'f', arguments: '{"a":1}' }],
          },
          { role: 'tool', content: '2', toolCallId: 'c1' },
        ],
        tools: [{ name: 'f', description: 'F' }],
        templateVariables: { enable_thinking: false },
      },
      special,
    );
    expect(fromModel).toEqual({ add_generation_prompt: true, bos_token: '<s>', eos_token: '</s>' });
    expect(fromMessages).toEqual({
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'assistant',
          content: '',
          reasoning_content: 'hm',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: { a: 1 } } }],
        },
        { role: 'tool', content: '2', tool_call_id: 'c1' },
      ],
      tools: [
        {
          type: 'function',
          function: { name: 'f', description: 'F', parameters: { type: 'object', properties: {} } },
        },
      ],
      enable_thinking: false,
    });
  });

  it('hide the tools when the request forbids calls', () => {
    const { fromMessages } = templateVariables(
      { type: 'chat', messages: [], tools: [{ name: 'f' }], toolChoice: { type: 'none' } },
      special,
    );
    expect(fromMessages).toEqual({ messages: [] });
  });

  it('pass on arguments that are no JSON as the model wrote them', () => {
    const { fromMessages } = templateVariables(
      {
        type: 'chat',
        messages: [
          { role: 'assistant', content: '', toolCalls: [{ id: 'c', name: 'f', arguments: '{"a":' }] },
        ],
      },
      special,
    );
    expect(JSON.stringify(fromMessages)).toContain('"arguments":"{\\"a\\":"');
  });
});

describe('what a template says of its model', () => {
  it.each([
    ['{% for tool in tools %}<tool_call>{% endfor %}', 'hermes'],
    ['{% if tools %}[TOOL_CALLS] {{ tools }}', 'mistral-list'],
    ['{% if tools %}[TOOL_CALLS]name[ARGS]', 'mistral-args'],
    ['{% if tools %}{"name": "f", "parameters": {}} <|python_tag|> ipython', 'llama3-json'],
    ['{% if tools %}<tool_call><function=name>', undefined],
    ['the variable is missing: <tool_call>', undefined],
    ['{{ messages }}', undefined],
  ])('%s has tool style %s', (template, style) => {
    expect(detectToolStyle(template)?.name).toBe(style);
  });

  it('knows thinking by its marks, and whether a prompt leaves it open', () => {
    const style = detectReasoningStyle("{{ '<think>' }}…</think>");
    expect(style).toEqual({ open: '<think>', close: '</think>' });
    expect(detectReasoningStyle('plain')).toBeUndefined();
    if (style === undefined) return;
    expect(opensReasoning('…assistant\n<think>\n', style)).toBe(true);
    expect(opensReasoning('…assistant\n<think>\n\n</think>\n\n', style)).toBe(false);
    expect(opensReasoning('user said <think> once', style)).toBe(false);
  });
});

describe('the chat format of a model', () => {
  const renderer = { warmUp: () => undefined, render: () => Promise.resolve('<s>hello') };

  it('says clearly that a model has no template', async () => {
    const chat = createChatFormat(null, byteVocabulary, renderer);
    expect(chat.isAvailable).toBe(false);
    const error = await thrownBy(() => chat.render({ type: 'chat', messages: [] }));
    expect(error).toMatchObject({ code: 'engine.bad-template', message: 'The model has no chat template.' });
  });

  it('falls back on ChatML when the vocabulary has its marks', () => {
    const vocabulary = { ...byteVocabulary, controlTexts: ['<|im_start|>'] };
    expect(createChatFormat(null, vocabulary, renderer).isAvailable).toBe(true);
  });

  it('refuses a forced call where the template takes no tools', async () => {
    const chat = createChatFormat('{{ messages }}', byteVocabulary, renderer);
    const prompt = {
      type: 'chat',
      messages: [],
      tools: [{ name: 'f' }],
      toolChoice: { type: 'required' },
    } as const;
    expect(await thrownBy(() => chat.render(prompt))).toMatchObject({ code: 'engine.unsupported' });
  });

  it('puts BOS before the prompt once, although the template wrote it', async () => {
    const bosFirst = { ...byteVocabulary, bos: '<'.charCodeAt(0) };
    const { tokens } = await createChatFormat('{{ messages }}', bosFirst, renderer).render({
      type: 'chat',
      messages: [],
    });
    expect([...tokens.subarray(0, 2)]).toEqual(['<'.charCodeAt(0), 's'.charCodeAt(0)]);
    const other = { ...byteVocabulary, bos: 2 };
    const prompt = await createChatFormat('{{ messages }}', other, renderer).render({
      type: 'chat',
      messages: [],
    });
    expect(prompt.tokens[0]).toBe(2);
  });
});

describe('long texts', () => {
  it('are tokenized in pieces that begin at a word', async () => {
    const pieces: string[] = [];
    const vocabulary = {
      ...byteVocabulary,
      tokenize: (text: string) => (pieces.push(text), byteVocabulary.tokenize(text, false)),
    };
    const text = 'some words and more '.repeat(5000);
    const tokens = await tokenizeLong(vocabulary, text, false);
    expect(tokens).toEqual(byteVocabulary.tokenize(text, false));
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.slice(1).every((piece) => / [a-z]/.test(piece.slice(0, 2)))).toBe(true);
    expect(pieces.join('')).toBe(text);
  });
});
