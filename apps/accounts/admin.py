"""People in the admin, for repair only. Its door is the portal's own, with the same limits."""

from allauth.account.decorators import secure_admin_login
from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from apps.accounts.models import User

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.register(User, UserAdmin)
# They would show a provider's secret and people's tokens in clear; providers come by settings.
admin.site.unregister([SocialApp, SocialToken])
