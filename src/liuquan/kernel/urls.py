"""The kernel's one address: the size of type."""

from django.urls import path

from liuquan.kernel import pages

urlpatterns = [path("look/type-size", pages.type_size, name="type_size")]
