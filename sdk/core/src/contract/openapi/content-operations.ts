import { registryArtifactsQuery, repositoryArtifactsQuery } from "../artifact.ts";
import { repositoriesQuery } from "../repository.ts";
import { tagsQuery, treeQuery } from "../tree.ts";
import { vulnerabilitiesQuery } from "../vulnerability.ts";
import type { Operations } from "./operation.ts";

/** What registries hold (contract, section 1; extensions). */
export const CONTENT_OPERATIONS: Operations = {
  "GET /registries/{registryId}/repositories": {
    id: "listRepositories",
    topic: "Content",
    summary: "List the repositories that hold a manifest",
    query: repositoriesQuery,
    answers: { 200: { description: "One page of repositories.", schema: "Repositories" } },
    refusals: [404],
  },
  "GET /registries/{registryId}/repositories/{repository}": {
    id: "getRepository",
    topic: "Content",
    summary: "Read a repository",
    answers: { 200: { description: "The repository.", schema: "Repository" } },
    refusals: [404],
  },
  "DELETE /registries/{registryId}/repositories/{repository}": {
    id: "deleteRepository",
    topic: "Content",
    summary: "Delete a repository with its tags and manifests",
    answers: { 204: { description: "The repository is gone." } },
    refusals: [404, 413, 415, 507],
  },
  "GET /registries/{registryId}/repositories/{repository}/tags": {
    id: "listTags",
    topic: "Content",
    summary: "List a repository's tags by name",
    query: tagsQuery,
    answers: { 200: { description: "One page of tags.", schema: "Tags" } },
    refusals: [404],
  },
  "GET /registries/{registryId}/repositories/{repository}/artifacts": {
    id: "listRepositoryArtifacts",
    topic: "Content",
    summary: "List a repository's artifacts",
    query: repositoryArtifactsQuery,
    answers: { 200: { description: "One page of artifacts.", schema: "Artifacts" } },
    refusals: [404],
  },
  "GET /registries/{registryId}/repositories/{repository}/artifacts/{digest}": {
    id: "getArtifact",
    topic: "Content",
    summary: "Read an artifact",
    answers: { 200: { description: "The artifact.", schema: "Artifact" } },
    refusals: [404],
  },
  "DELETE /registries/{registryId}/repositories/{repository}/artifacts/{digest}": {
    id: "deleteArtifact",
    topic: "Content",
    summary: "Delete an artifact and its tags",
    answers: { 204: { description: "The artifact is gone." } },
    refusals: [404, 413, 415, 507],
  },
  "GET /registries/{registryId}/artifacts": {
    id: "listArtifacts",
    topic: "Content",
    summary: "List the artifacts of all repositories",
    query: registryArtifactsQuery,
    answers: { 200: { description: "One page of artifacts.", schema: "Artifacts" } },
    refusals: [404],
  },
  "GET /registries/{registryId}/tree": {
    id: "browseTree",
    topic: "Content",
    summary: "List folders and repositories one step below a path",
    query: treeQuery,
    answers: { 200: { description: "One page of the folder.", schema: "Tree" } },
    refusals: [404],
  },
  "GET /registries/{registryId}/repositories/{repository}/artifacts/{digest}/vulnerabilities": {
    id: "listVulnerabilities",
    topic: "Vulnerabilities",
    summary: "List an artifact's vulnerabilities",
    description: "Nothing is scanned yet: the list is empty.",
    query: vulnerabilitiesQuery,
    answers: { 200: { description: "One page of vulnerabilities.", schema: "Vulnerabilities" } },
    refusals: [404],
  },
  "GET /vulnerabilities/{vulnerabilityId}": {
    id: "getVulnerability",
    topic: "Vulnerabilities",
    summary: "Read a vulnerability",
    description: "Nothing is scanned yet: the answer is 404.",
    answers: { 200: { description: "The vulnerability.", schema: "Vulnerability" } },
    refusals: [404],
  },
};
