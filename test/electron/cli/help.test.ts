import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../../electron/cli/program.ts';
import { readModelArgument } from '../../../electron/cli/model-argument.ts';

const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)];

const fullName = (command: Command): string =>
  command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;

/** What `--help` prints, with the texts that commander adds only when it prints. */
const helpOf = (command: Command): string => {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  return text;
};

const commands = all(createProgram()).map((command): [string, Command] => [fullName(command), command]);

describe.each(commands)('%s --help', (name, command) => {
  it('has an example that begins with the command, and says --json', () => {
    const help = helpOf(command);

    expect(help).toMatch(/\nExamples?:\n {2}\$ dyno /);
    expect(help).toContain(`$ ${name}`);
    expect(help).toContain('--json');
    expect(help).not.toContain('[]');
    expect(command.description()).not.toBe('');
  });
});

describe('a model argument', () => {
  it('stays as it is when it is an id, and becomes absolute when it is a path', () => {
    const here = process.cwd();

    expect(
      ['qwen2.5-7b', 'llama3.2:1b', './a.gguf', 'a.gguf', 'sub/blob', '/x/a:b/../c'].map(readModelArgument),
    ).toEqual(['qwen2.5-7b', 'llama3.2:1b', `${here}/a.gguf`, `${here}/a.gguf`, `${here}/sub/blob`, '/x/c']);
  });
});
