// A registry, its garbage collection, a token that pushes and rotates, and one that may only pull.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"moorage.example/sdk/go/moorage"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		shop, err := moorage.NewRegistry(ctx, "shop", &moorage.RegistryArgs{
			Location: pulumi.String("de/fra"),
			// The registry goes with the stack, content and all. Leave this out where content matters.
			ForceDestroy: pulumi.Bool(true),
		})
		if err != nil {
			return err
		}
		_, err = moorage.NewGCSchedule(ctx, "weekly", &moorage.GCScheduleArgs{
			RegistryId: shop.RegistryId,
			Days:       moorage.WeekdayArray{moorage.WeekdaySunday},
			Time:       pulumi.String("03:30"),
		})
		if err != nil {
			return err
		}
		ci, err := moorage.NewToken(ctx, "ci", &moorage.TokenArgs{
			RegistryId:   shop.RegistryId,
			Description:  pulumi.String("Pushes what CI builds"),
			Scopes:       everywhere(moorage.ScopeActionPull, moorage.ScopeActionPush),
			ExpiresIn:    pulumi.String("90d"),
			RotateBefore: pulumi.String("14d"),
		})
		if err != nil {
			return err
		}
		pull, err := moorage.NewToken(ctx, "pull", &moorage.TokenArgs{
			RegistryId:  shop.RegistryId,
			Description: pulumi.String("Pulls what is deployed"),
			Scopes:      everywhere(moorage.ScopeActionPull),
		})
		if err != nil {
			return err
		}
		ctx.Export("endpoint", shop.Endpoint)
		ctx.Export("ciUsername", ci.Username)
		ctx.Export("ciPassword", ci.Password)
		ctx.Export("pullUsername", pull.Username)
		ctx.Export("pullPassword", pull.Password)
		return nil
	})
}

// everywhere permits actions in all repositories of a registry.
func everywhere(actions ...moorage.ScopeAction) moorage.TokenScopeArray {
	permitted := moorage.ScopeActionArray{}
	for _, action := range actions {
		permitted = append(permitted, action)
	}
	return moorage.TokenScopeArray{moorage.TokenScopeArgs{
		Type:    moorage.ScopeTypeRepository,
		Name:    pulumi.String("*"),
		Actions: permitted,
	}}
}
