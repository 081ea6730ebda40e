// Reads YAML documents on standard input and writes them as JSON: [{object, problems}, ...]. With --kubernetes each is held to the schema of
// its kind, as Kubernetes publishes them (npm package kubernetes-models), and a field that its schema does not know is a problem.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import Ajv from "ajv";
import yaml from "js-yaml";

const PACKAGES = ["@kubernetes-models/apimachinery", "kubernetes-models"];
const MODULES = path.join(path.dirname(fileURLToPath(import.meta.url)), "node_modules");
const SCHEMA = /^const schema = (\{\}|\{.*?^\});$.*register\)\("([^"]+)", schema\)/ms;

// A schema that lists an object's fields allows no others.
function forbidOtherFields(schema) {
  if (schema === null || typeof schema !== "object") return;
  if (schema.properties && schema.additionalProperties === undefined) schema.additionalProperties = false;
  Object.values(schema).forEach(forbidOtherFields);
}

// {name: schema}
function readSchemas() {
  const schemas = new Map();
  for (const name of PACKAGES) {
    const folder = path.join(MODULES, name, "_schemas");
    for (const file of readdirSync(folder).filter((each) => each.endsWith(".js"))) {
      const found = SCHEMA.exec(readFileSync(path.join(folder, file), "utf8"));
      if (found === null) throw new Error(`${file} is no module with a schema as JSON: another version of ${name}?`);
      const schema = JSON.parse(found[1]);
      forbidOtherFields(schema);
      schemas.set(found[2], schema);
    }
  }
  return schemas;
}

function describe(error) {
  const { additionalProperty, allowedValues } = error.params;
  return `${error.instancePath || "/"} ${error.message}${additionalProperty ? `: ${additionalProperty}` : ""}${allowedValues ? `: ${allowedValues}` : ""}`;
}

function makeJudge() {
  const schemas = readSchemas();
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const names = new Map();
  for (const [name, schema] of schemas) {
    ajv.addSchema(schema, name);
    const version = schema.properties?.apiVersion?.enum?.[0];
    if (version) names.set(`${version} ${schema.properties.kind.enum[0]}`, name);
  }
  return (object) => {
    const kind = `${object.apiVersion} ${object.kind}`;
    if (!names.has(kind)) return [`there is no kind ${kind}`];
    const validate = ajv.getSchema(names.get(kind));
    return validate(object) ? [] : validate.errors.map(describe);
  };
}

const judge = process.argv.includes("--kubernetes") ? makeJudge() : () => [];
const objects = yaml.loadAll(readFileSync(0, "utf8")).filter((object) => object !== null && object !== undefined);
process.stdout.write(JSON.stringify(objects.map((object) => ({ object, problems: judge(object) }))));
