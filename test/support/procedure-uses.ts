// Which procedures of the API a folder of source calls, found in its syntax: `api.runs.start.mutate(…)`, `until(signal).runs.watch(…)`,
// `const { trainings } = session.api`, `client.query('app.activity')`, and `api.runs[command]` with the words that `command` can be.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/** What an expression ends in that is the API. */
const API = /(^|\.)(api|client)$|\b(until|during)\([^)]*\)$/;

/** Dotted names of the procedures that are called in the files of these folders, in order. */
export function findUses(folders: readonly string[], procedures: readonly string[]): string[] {
  const known = new Set(procedures);
  const found = new Set<string>();
  for (const path of folders.flatMap(listSources)) {
    for (const called of readCalls(parse(path))) if (known.has(called)) found.add(called);
  }
  return [...found].sort();
}

/** Dotted names, among them some that are no procedures. */
function readCalls(source: ts.SourceFile): string[] {
  const calls: string[] = [];
  /** Local names of groups. */
  const groups = new Map<string, string>();
  const groupOf = (node: ts.Expression): string | null => {
    if (ts.isIdentifier(node)) return groups.get(node.text) ?? null;
    if (!ts.isPropertyAccessExpression(node)) return null;
    if (API.test(node.expression.getText(source))) return node.name.text;
    // A group within a group.
    const outer = groupOf(node.expression);
    return outer === null ? null : `${outer}.${node.name.text}`;
  };
  const visit = (node: ts.Node): void => {
    if ((ts.isVariableDeclaration(node) || ts.isBindingElement(node)) && ts.isObjectBindingPattern(node.name)) {
      const from = ts.isVariableDeclaration(node) ? node.initializer : node.propertyName;
      const elements = API.test(from?.getText(source) ?? '') ? node.name.elements : [];
      for (const { name, propertyName } of elements) groups.set(name.getText(source), (propertyName ?? name).getText(source));
    }
    if (ts.isCallExpression(node) && /\bclient\.(query|mutate|subscribe)$/.test(node.expression.getText(source))) {
      const [path] = node.arguments;
      if (path && ts.isStringLiteral(path)) calls.push(path.text);
    }
    if (ts.isPropertyAccessExpression(node)) {
      const group = groupOf(node.expression);
      if (group !== null) calls.push(`${group}.${node.name.text}`);
    }
    if (ts.isElementAccessExpression(node)) {
      const group = groupOf(node.expression);
      if (group !== null) calls.push(...wordsOf(node.argumentExpression, source).map((name) => `${group}.${name}`));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return calls;
}

/** The words that a parameter or the variable of a loop can be: of its type, or of the alias of that name here or in an imported file. */
function wordsOf(chooser: ts.Expression, source: ts.SourceFile): string[] {
  const name = chooser.getText(source);
  for (let node: ts.Node = chooser; !ts.isSourceFile(node); node = node.parent) {
    if (ts.isForOfStatement(node) && ts.isVariableDeclarationList(node.initializer)) {
      if (node.initializer.declarations[0]?.name.getText(source) === name) return literalsIn(node.expression);
    }
    const type = ts.isFunctionLike(node) ? node.parameters.find((parameter) => parameter.name.getText(source) === name)?.type : undefined;
    if (type) return ts.isTypeReferenceNode(type) ? wordsOfAlias(type.typeName.getText(source), source) : literalsIn(type);
  }
  return [];
}

/** Also of `(typeof TABLE)[number]`. */
function wordsOfAlias(alias: string, source: ts.SourceFile): string[] {
  for (const file of [source, ...importsOf(source)]) {
    const declared = file.statements.find((statement) => ts.isTypeAliasDeclaration(statement) && statement.name.text === alias);
    if (!declared) continue;
    const table = /\(typeof (\w+)\)\[number\]/.exec(declared.getText(file))?.[1];
    const rows = file.statements.filter(ts.isVariableStatement).flatMap(({ declarationList }) => declarationList.declarations);
    return literalsIn(rows.find((row) => row.name.getText(file) === table) ?? declared);
  }
  return [];
}

function literalsIn(node: ts.Node): string[] {
  if (ts.isStringLiteral(node)) return [node.text];
  const words: string[] = [];
  ts.forEachChild(node, (child) => void words.push(...literalsIn(child)));
  return words;
}

function importsOf(source: ts.SourceFile): ts.SourceFile[] {
  return source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
    const target = join(dirname(source.fileName), statement.moduleSpecifier.text).replace(/\.js$/, '.ts');
    return statement.moduleSpecifier.text.startsWith('.') && target.endsWith('.ts') ? [parse(target)] : [];
  });
}

function parse(path: string): ts.SourceFile {
  const text = readFileSync(path, 'utf8');
  const code = path.endsWith('.vue')
    ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script).join('\n')
    : text;
  return ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true);
}

function listSources(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|vue)$/.test(name))
    .map((name) => join(path, name));
}

/** Names of the files of a folder that take code of the domain, or a service of the core itself. */
export function findPastApi(folder: string): string[] {
  return listSources(folder)
    .filter((path) => {
      const source = parse(path);
      const takesDomain = source.statements.some(
        (statement) =>
          ts.isImportDeclaration(statement) &&
          statement.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword &&
          /\/(domain\/|composition\/(?!core\.js))/.test(statement.moduleSpecifier.getText(source)),
      );
      return takesDomain || /\bcore\.services\.(?!log\b)/.test(source.text);
    })
    .map((path) => relative(folder, path))
    .sort();
}
