// Container registries, tokens, scopes and garbage-collection schedules as code.
package moorage
