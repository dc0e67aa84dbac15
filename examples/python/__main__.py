"""A registry, its garbage collection, a token that pushes and rotates, and one that may only pull."""

import pulumi
import pulumi_moorage as moorage

shop = moorage.Registry(
    "shop",
    location="de/fra",
    # The registry goes with the stack, content and all. Leave this out where content matters.
    force_destroy=True,
)

moorage.GCSchedule("weekly", registry_id=shop.registry_id, days=["Sunday"], time="03:30")

ci = moorage.Token(
    "ci",
    registry_id=shop.registry_id,
    description="Pushes what CI builds",
    scopes=[{"type": "repository", "name": "*", "actions": ["pull", "push"]}],
    expires_in="90d",
    rotate_before="14d",
)

pull = moorage.Token(
    "pull",
    registry_id=shop.registry_id,
    description="Pulls what is deployed",
    scopes=[{"type": "repository", "name": "*", "actions": ["pull"]}],
)

pulumi.export("endpoint", shop.endpoint)
pulumi.export("ciUsername", ci.username)
pulumi.export("ciPassword", ci.password)
pulumi.export("pullUsername", pull.username)
pulumi.export("pullPassword", pull.password)
