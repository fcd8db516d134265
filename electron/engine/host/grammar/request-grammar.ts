import { AppError } from '../../../../shared/errors/app-error.ts';
import type { GenerateRequest, Grammar, ToolDefinition } from '../../engine.ts';
import type { AnswerStream } from '../answer/answer-stream.ts';
import type { ToolStyle } from '../answer/tool-style.ts';
import type { PreparedRequest } from '../prepared-request.ts';
import { addSchema, jsonObjectGrammar, schemaGrammar } from './json-schema.ts';
import { answerOrCallsGrammar, openedCallGrammar, toolCallGrammar } from './tool-grammar.ts';

/** Tools the answer must call: all for `required`, one for `named`. */
const forcedTools = ({ prompt }: GenerateRequest) => {
  if (prompt.type !== 'chat') return [];
  const { tools = [], toolChoice } = prompt;
  switch (toolChoice?.type) {
    case 'required':
      return tools;
    case 'named': {
      const named = tools.filter(({ name }) => name === toolChoice.name);
      if (named.length === 0)
        throw new AppError('app.bad-input', `No tool is named ${toolChoice.name}.`, {
          details: { param: 'tool_choice' },
        });
      return named;
    }
    case 'none':
    case 'auto':
    case undefined:
      return [];
    default:
      return toolChoice satisfies never;
  }
};

/** Tools the answer may call and need not. */
const freeTools = ({ prompt }: GenerateRequest): readonly ToolDefinition[] =>
  prompt.type === 'chat' && (prompt.toolChoice === undefined || prompt.toolChoice.type === 'auto')
    ? (prompt.tools ?? [])
    : [];

/** A form for the answer of a model that may call tools instead. */
const besideTools = (grammar: Grammar, tools: readonly ToolDefinition[], style: ToolStyle): string => {
  if (grammar.type === 'gbnf' || style.isBare) {
    throw new AppError(
      'engine.unsupported',
      grammar.type === 'gbnf'
        ? 'A GBNF binds the whole answer, so the model could never call a tool.'
        : 'This model writes calls as plain JSON, which cannot be told from an answer in JSON.',
      {
        hint: 'Choose no tool for the answer in this format, or leave the format out.',
        details: { param: 'tools' },
      },
    );
  }
  return answerOrCallsGrammar(tools, style, (rules) =>
    grammar.type === 'json-object' ? 'object' : addSchema(grammar.schema, 'answer', rules),
  );
};

/**
 * The GBNF an answer must follow, `undefined` for free text.
 * @throws AppError `engine.bad-grammar`, `engine.unsupported`, `app.bad-input`
 */
export const grammarOf = (request: GenerateRequest, style: ToolStyle | undefined): string | undefined => {
  const tools = forcedTools(request);
  if (tools.length > 0 && style !== undefined) return toolCallGrammar(tools, style);
  const { grammar } = request;
  const free = style === undefined ? [] : freeTools(request);
  if (grammar !== undefined && style !== undefined && free.length > 0)
    return besideTools(grammar, free, style);
  switch (grammar?.type) {
    case undefined:
      return undefined;
    case 'gbnf':
      return grammar.text;
    case 'json-object':
      return jsonObjectGrammar();
    case 'json-schema':
      return schemaGrammar(grammar.schema);
    default:
      return grammar satisfies never;
  }
};

/** A grammar for the answer only: free thoughts first, and the rules from the token after their end. */
export const lateGrammarOf = (grammar: string, answer: AnswerStream): PreparedRequest['afterToken'] => {
  let isOn = false;
  return (_token, setGrammar) => {
    if (isOn || answer.mode === 'reasoning') return;
    isOn = true;
    setGrammar(grammar, []);
  };
};

/**
 * The grammar of a free answer's calls; `undefined` where a schema cannot be enforced: the call is then unguided, which
 * a strict tool forbids.
 */
const guidanceOf = (request: GenerateRequest, style: ToolStyle): string | undefined => {
  const tools = request.prompt.type === 'chat' ? (request.prompt.tools ?? []) : [];
  try {
    return tools.length === 0 || style.isBare ? undefined : openedCallGrammar(tools, style);
  } catch (error) {
    const mayBeFree = !tools.some(({ isStrict }) => isStrict === true);
    if (mayBeFree && error instanceof AppError && error.code === 'engine.bad-grammar') return undefined;
    throw error;
  }
};

/**
 * Guides the calls a model makes by its own will: free text until it writes the opening mark, then the grammar of its
 * tools until the call ends, so that the arguments are always valid. `openToken`: the mark as one token.
 */
export const guidedCallsOf = (
  request: GenerateRequest,
  style: ToolStyle,
  openToken: number,
  answer: AnswerStream,
): PreparedRequest['afterToken'] => {
  const grammar = guidanceOf(request, style);
  if (grammar === undefined) return undefined;
  let isOn = false;
  return (token, setGrammar) => {
    const isInCall = answer.mode === 'tool';
    if (!isOn && isInCall && token === openToken) isOn = setGrammar(grammar, []);
    else if (isOn && !isInCall) {
      isOn = false;
      setGrammar(undefined, []);
    }
  };
};
